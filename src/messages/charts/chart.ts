/** A drawing and what it says in words. */
export interface Chart {
  /** Uses no font but "DejaVu Sans". */
  readonly svg: string
  readonly title: string
  /** The same for who can't see it; at most 2,000 characters. */
  readonly altText: string
}
