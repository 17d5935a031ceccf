/** A page for people: not in the description of the API, and limited for each address that asks. */
export const PUBLIC = { schema: { hide: true }, config: { rateLimit: {} } }
