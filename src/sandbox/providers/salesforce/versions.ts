/** v67.0 is Summer '26; three releases a year. Versions up to v30.0 are retired. */
export const NEWEST_VERSION = 67
export const OLDEST_VERSION = 31

const SPRING_26 = 66
const SEASONS = ['Spring', 'Summer', 'Winter'] as const

/** `GET /services/data/`, oldest first. developer.salesforce.com resources_versions.htm */
export function versionsList(): readonly { label: string; url: string; version: string }[] {
  return Array.from({ length: NEWEST_VERSION - OLDEST_VERSION + 1 }, (_, place) => {
    const number = OLDEST_VERSION + place
    return { label: release(number), url: `/services/data/v${number}.0`, version: `${number}.0` }
  })
}

/** Winter releases carry the year that follows: v65.0 came out in October 2025 and is Winter '26. */
function release(number: number): string {
  const since = number - SPRING_26
  const season = SEASONS[((since % 3) + 3) % 3]
  const year = 26 + Math.floor(since / 3) + (season === 'Winter' ? 1 : 0)
  return `${season} '${year}`
}
