import { expect, test } from 'vitest'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { watchDatabase } from './databaseWatch.ts'

const start = () => {
  const clock = makeManualClock()
  const database = { pings: 0, answer: (): Promise<unknown> => Promise.resolve() }
  const pauses: { ms: number; end: () => void }[] = []
  const { whileThere } = watchDatabase({
    clock,
    ping: () => {
      database.pings += 1
      return database.answer()
    },
    pause: (ms) => new Promise<void>((end) => void pauses.push({ ms, end })),
  })
  /** Ends the first pause of this length. */
  const over = async (ms: number): Promise<void> => {
    await expect.poll(() => pauses.some((one) => one.ms === ms)).toBe(true)
    pauses
      .splice(
        pauses.findIndex((one) => one.ms === ms),
        1,
      )[0]
      ?.end()
  }
  return { clock, database, whileThere, over }
}

const never = () => new Promise<never>(() => undefined)
const away = { code: 'UNAVAILABLE', retryable: true }

test('given a database that answers, when many mutations come, then it is asked once in a while', async () => {
  const { clock, database, whileThere } = start()
  const all = Array.from({ length: 10 }, (_, n) => whileThere(async () => n))
  expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(database.pings).toBe(1)
  clock.advance(seconds(0.5))
  await whileThere(async () => null)
  expect(database.pings).toBe(2)
})

test.each([
  ['refuses', () => Promise.reject(new Error('connection refused')), null],
  ['hangs', never, 1_500],
])(
  'given a database that %s, then a mutation is refused and nothing is begun; when it is back, the next one runs (F8)',
  async (_what, answer, patience) => {
    const { database, whileThere, over } = start()
    database.answer = answer
    let begun = 0
    const refused = expect(whileThere(async () => (begun += 1))).rejects.toMatchObject(away)
    if (patience) await over(patience)
    await refused
    expect(begun).toBe(0)
    database.answer = () => Promise.resolve()
    expect(await whileThere(async () => (begun += 1))).toBe(1)
  },
)

test('given a mutation under way, when the database is lost, then it is refused then, and not when its own patience ends (F8)', async () => {
  const { database, whileThere, over } = start()
  const begun = Promise.withResolvers<void>()
  const refused = expect(
    whileThere(() => {
      begun.resolve()
      return never()
    }),
  ).rejects.toMatchObject(away)
  await begun.promise
  database.answer = never
  await over(500)
  await over(1_500)
  // The pause of the look that was answered at the beginning came first.
  await over(1_500)
  await refused
})
