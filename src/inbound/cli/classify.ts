import { createInterface } from 'node:readline'

/**
 * JSON lines in, JSON lines out, in the same order; nothing else goes to `output`. A line that can't be read gets an answer of its
 * own and a word on `complaints`. Resolves with the exit code: 0, or 1 when a line could not be read.
 */
export async function classifyLines(
  classify: (line: unknown) => unknown,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  complaints: NodeJS.WritableStream,
): Promise<number> {
  let number = 0
  let exitCode = 0
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (line.trim() === '') continue
    try {
      output.write(`${JSON.stringify(classify(JSON.parse(line)))}\n`)
    } catch (error) {
      exitCode = 1
      const explanation =
        error instanceof SyntaxError ? 'This line is not JSON.' : error instanceof Error ? error.message : 'unreadable'
      complaints.write(`line ${number}: ${explanation}\n`)
      output.write(`${JSON.stringify({ verdict: null, cause: null, retryAfterMs: null, explanation })}\n`)
    }
  }
  return exitCode
}
