/** Does this for each of them, `most` at a time. Answers in their order. */
export async function atOnce<T, R>(items: readonly T[], most: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = []
  const rest = items.entries()
  async function work(): Promise<void> {
    for (const [index, item] of rest) answers[index] = await act(item)
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work))
  return answers
}
