import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { mappingSchema } from '../../domain/outbox/change-mapping.ts'
import { touchpointSchema } from '../../domain/outbox/touchpoint-schema.ts'
import { connectionSchema } from './api-schemas.ts'
import { problemSchema } from './problem.ts'

z.globalRegistry.add(touchpointSchema, { id: 'Touchpoint', description: 'Only `id` and `occurredAt` are required.' })
z.globalRegistry.add(connectionSchema, { id: 'Connection', description: 'One account at one provider.' })
z.globalRegistry.add(mappingSchema, {
  id: 'Mapping',
  description: 'Which object and fields of the CRM touchpoints are written to.',
})
z.globalRegistry.add(problemSchema, { id: 'Problem', description: 'RFC 9457. Some codes bring members of their own.' })

/** The description of the API, made from the schemas that the routes run on. */
export function apiDescription(url: string): FastifyDynamicSwaggerOptions {
  const toSchema = createJsonSchemaTransform({})
  const toDocument = createJsonSchemaTransformObject({})
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
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'A token of REDKEY_API_TOKENS, or one of a workspace with the scope that is named.',
          },
        },
      },
      security: [{ token: [] }],
    },
    transform: (given) => {
      const made = toSchema(given)
      const scope = given.route.config?.scope
      return scope === undefined ? made : { ...made, schema: { ...made.schema, security: [{ token: [scope] }] } }
    },
    transformObject: (document) => {
      const made = toDocument(document)
      return 'openapi' in made ? tidy(describeLines(made)) : made
    },
  }
}

type Document = Extract<ReturnType<ReturnType<typeof createJsonSchemaTransformObject>>, { openapi?: string }>

/** A body of lines is no array: OpenAPI 3.1 has no words for one schema a line, so it says it in prose. */
function describeLines(document: Document): Document {
  for (const path of Object.values(document.paths ?? {})) {
    const body = path?.post?.requestBody
    if (!body || '$ref' in body) continue
    for (const mediaType of Object.keys(body.content)) {
      if (mediaType !== 'application/json') body.content[mediaType] = { schema: LINES }
    }
  }
  return document
}

const LINES = { type: 'string' as const, description: 'One touchpoint (see `Touchpoint`) as JSON in each line.' }

/**
 * Every named schema is made twice, as sent and as answered. Of those that are used in one way only, the other is left out and
 * the suffix with it; and patterns that say the same as a format are.
 */
function tidy(document: Document): Document {
  const used = JSON.stringify(document.paths)
  const isUsed = (name: string) => used.includes(`"#/components/schemas/${name}"`)
  const schemas = Object.entries(document.components?.schemas ?? {}).filter(([name]) => isUsed(name))
  const names = schemas.map(([name]) => name)
  const shorter = new Map(
    names
      .filter((name) => name.endsWith('Input') && !names.includes(name.slice(0, -'Input'.length)))
      .map((name) => [`#/components/schemas/${name}`, `#/components/schemas/${name.slice(0, -'Input'.length)}`]),
  )
  const renamed = schemas.map(([name, schema]) => [
    shorter.get(`#/components/schemas/${name}`)?.split('/').at(-1) ?? name,
    schema,
  ])
  const kept = { ...document, components: { ...document.components, schemas: Object.fromEntries(renamed) } }
  return JSON.parse(JSON.stringify(kept), (key, value) => {
    if (key === '$ref') return shorter.get(value) ?? value
    if (value?.format === 'date-time') delete value.pattern
    if (value?.maximum === Number.MAX_SAFE_INTEGER) delete value.maximum
    return value
  })
}
