import { lacks } from '../meaning.ts'
import type { ApiRefusal } from './api-refusals.ts'

/** Every other record would be refused alike: the object or a property is not as the mapping says. `{names}` names it. */
const NOT_THERE = lacks(
  'role_missing',
  'The object in HubSpot is not as the mapping says: {names}. A super admin of the HubSpot account adds what is missing, or the mapping is changed.',
)

/**
 * What is wrong with the object and not with one record, at a push; these rows come before those of the API, which call the same
 * answers a bad request. Sources read in stored copies (2026-11).
 */
export const OBJECT_REFUSALS: readonly ApiRefusal[] = [
  {
    codes: ['PROPERTY_DOESNT_EXIST', 'READ_ONLY_VALUE', 'PROPERTY_READ_ONLY'],
    means: NOT_THERE,
    source: 'https://developers.hubspot.com/docs/api-reference/error-handling, "Multi-status errors"',
  },
  { says: /property \W?\w+\W? does(n't| not) exist/i, means: NOT_THERE, source: 'the same, without the code' },
  {
    says: /unable to infer object type|invalid object or event type/i,
    means: NOT_THERE,
    source: 'tests of a fake that measured api.hubapi.com, 2026-08 (400, no category)',
  },
  {
    says: /by non-?unique\b.*\bproperty|idProperty.*\bunique/i,
    means: NOT_THERE,
    source: 'segmentio/action-destinations#3957 ("Unable to perform update/upsert by non-unique 0-2 property …")',
  },
]
