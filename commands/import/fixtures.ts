import type { ImportDraft, ImportItem, OpenFile, RowProblem } from './draft.ts'

/** A file in memory, handed out in chunks of a few bytes, so that every boundary falls somewhere unlucky. */
export const fileOf = (content: string | Uint8Array, chunkSize = 7): OpenFile => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return async function* () {
    for (let from = 0; from < bytes.length; from += chunkSize) yield bytes.subarray(from, from + chunkSize)
  }
}

export const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

export const draftsOf = (items: readonly ImportItem[]): ImportDraft[] =>
  items.flatMap((item) => (item.kind === 'product' ? [item.draft] : []))

export const problemsOf = (items: readonly ImportItem[]): RowProblem[] =>
  items.flatMap((item) => (item.kind === 'refused' ? item.problems : []))
