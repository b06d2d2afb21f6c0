import { expect, test } from 'vitest'
import { shareReads } from './sharedReads.ts'

interface Row {
  readonly id: string
  readonly parts: readonly string[]
  readonly seenBy: string
}

const start = () => {
  const reads: [string[], string][] = []
  const ask = shareReads<Row, string>({
    read: async (keys, seenBy) => {
      reads.push([[...keys], seenBy])
      if (keys.includes('bad')) throw new Error('no database')
      return keys.filter((key) => key !== 'none').map((key) => ({ id: key[0] ?? '', parts: [key], seenBy }))
    },
    keysOf: ({ parts }) => parts,
  })
  return { reads, ask }
}

test('given many who ask for the same at once, then there is one read, and each has its own rows', async () => {
  const { reads, ask } = start()
  const answers = await Promise.all([ask(['a', 'b'], 'all'), ask(['b'], 'all'), ask(['none'], 'all'), ask([], 'all')])
  expect(reads).toEqual([[['a', 'b', 'none'], 'all']])
  expect(answers.map((rows) => rows.map(({ id }) => id))).toEqual([['a', 'b'], ['b'], [], []])
})

test('given readers who may see different things, then nobody gets what was read for another group', async () => {
  const { reads, ask } = start()
  const [[mine], [theirs]] = await Promise.all([ask(['a'], 'seller'), ask(['a'], 'public')])
  expect([mine?.seenBy, theirs?.seenBy]).toEqual(['seller', 'public'])
  expect(reads).toHaveLength(2)
})

test('given a question that comes while another is being read, then it is read anew: what it hears is not older than itself', async () => {
  const { reads, ask } = start()
  const first = ask(['a'], 'all')
  await new Promise((resolve) => setImmediate(resolve))
  await Promise.all([first, ask(['a'], 'all')])
  expect(reads).toHaveLength(2)
})

test('given a read that fails, then all who share it hear so, and the next one is read again', async () => {
  const { ask } = start()
  const failed = await Promise.allSettled([ask(['bad'], 'all'), ask(['a'], 'all')])
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await ask(['a'], 'all')).toHaveLength(1)
})

test('given more keys than one read may have, then there are more reads (R13)', async () => {
  const { reads, ask } = start()
  await Promise.all(Array.from({ length: 2_500 }, (_, n) => ask([`k${n}`], 'all')))
  expect(reads.map(([keys]) => keys.length)).toEqual([1_000, 1_000, 500])
})
