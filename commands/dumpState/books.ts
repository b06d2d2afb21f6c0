import { existsSync } from 'node:fs'
import type { MovementRecord } from '#platform/snapshot.ts'
import { openBooks } from '../../provider/books.ts'

/** Movements read at once; the provider gives no more than this (`provider/README.md`). */
const page = 10_000
const timeoutMs = 5_000

type Movement = MovementRecord & { readonly seq: number }

const toRecord = ({ op, amount, currency, reference, payment }: Movement): MovementRecord => ({
  op,
  amount,
  currency,
  reference,
  payment,
})

const askProvider = async (url: string, after: number): Promise<readonly Movement[]> => {
  const response = await fetch(new URL(`/movements?after=${after}&limit=${page}`, url), {
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok) throw new Error(`The provider at ${url} answers ${response.status}.`)
  return ((await response.json()) as { movements: Movement[] }).movements
}

const readAll = async (read: (after: number) => Promise<readonly Movement[]>): Promise<MovementRecord[]> => {
  const all: Movement[] = []
  for (;;) {
    const found = await read(all.at(-1)?.seq ?? 0)
    all.push(...found)
    if (found.length < page) return all.map(toRecord)
  }
}

/** All movements of money in the books of a provider that runs. */
export const movementsOf = (url: string): Promise<MovementRecord[]> => readAll((after) => askProvider(url, after))

/** The same from the file of a provider inside the shop's process, whose port nobody knows. No file: no movements. */
export const movementsIn = async (file: string): Promise<MovementRecord[]> => {
  if (!existsSync(file)) return []
  const books = openBooks(file)
  try {
    return await readAll(async (after) => books.movements(after, page))
  } finally {
    books.close()
  }
}
