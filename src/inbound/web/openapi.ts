import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { touchpointSchema } from '../../domain/outbox/touchpoint-schema.ts'
import { connectionSchema, mappingBody } from './api-schemas.ts'
import { problemSchema } from './problem.ts'

/** The description of the API, made from the schemas that the routes run on. */
export function apiDescription(url: string): FastifyDynamicSwaggerOptions {
  const schemaRegistry = z.registry<{ id: string }>()
  schemaRegistry.add(touchpointSchema, { id: 'Touchpoint' })
  schemaRegistry.add(connectionSchema, { id: 'Connection' })
  schemaRegistry.add(mappingBody, { id: 'Mapping' })
  schemaRegistry.add(problemSchema, { id: 'Problem' })
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Redkey',
        version: '1',
        description:
          'Send touchpoints, and ask how the connections are. Every error is a problem document (RFC 9457) with a stable `code`.',
      },
      servers: [{ url }],
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'A token of REDKEY_API_TOKENS.' } },
      },
      security: [{ token: [] }],
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry }),
  }
}
