import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeManualClock, seconds } from '#kernel/time.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { makeLog } from '#platform/log.ts'
import type { Identity } from '../auth.ts'
import { type Closing, closings } from './closings.ts'
import { makeSessionWatch } from './sessionWatch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

type News = { asOf: string; ended: string[]; states: { id: string; active: boolean; roles: string[] }[] }
type Question = { since: string | null; check: string[] }

/** A watch whose users service answers with `answer`, and what it was asked. */
const start = (answer: (question: Question) => News | Error) => {
  const clock = makeManualClock()
  const asked: Question[] = []
  const call = async (_: string, { variables }: { variables: Question }) => {
    asked.push(variables)
    const news = answer(variables)
    if (news instanceof Error) throw news
    return { sessionNews: news }
  }
  const watch = makeSessionWatch({ call: call as unknown as SubgraphCaller, clock, log: makeLog('silent') })
  const join = (sessionId: string, roles: string[] = ['BUYER'], life = seconds(300)) => {
    const told: Closing[] = []
    const viewer = { kind: 'user', id: `usr_${sessionId}`, sessionId, roles } as Identity['viewer']
    const leave = watch.watch({ viewer, expiresAt: clock.now() + life }, (closing) => told.push(closing))
    return { told, leave }
  }
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += seconds(1)) {
      clock.advance(seconds(1))
      await vi.advanceTimersByTimeAsync(seconds(1))
    }
  }
  return { asked, watch, join, pass }
}

const nothing: News = { asOf: 'now', ended: [], states: [] }

test('given nobody is connected, then nobody is asked; given many, then one question a second for all', async () => {
  const { asked, join, pass, watch } = start(() => nothing)
  await pass(seconds(3))
  expect(asked).toEqual([])
  for (let n = 0; n < 100; n += 1) join(`s${n}`)
  await pass(seconds(3))
  expect(asked).toHaveLength(3)
  expect(asked.map(({ since }) => since)).toEqual([null, 'now', 'now'])
  watch.stop()
})

test('given any number of sessions, then each is looked at itself within 30 s (parameters table: WS)', async () => {
  const { asked, join, pass, watch } = start(() => nothing)
  for (let n = 0; n < 333; n += 1) join(`s${n}`)
  await pass(seconds(29))
  expect(new Set(asked.flatMap(({ check }) => check)).size).toBe(333)
  expect(Math.max(...asked.map(({ check }) => check.length))).toBeLessThan(20)
  watch.stop()
})

test('given news of an ended session, of one that no longer stands, of other roles, then those hear of it and no other', async () => {
  const states = [
    { id: 'gone', active: false, roles: [] },
    { id: 'promoted', active: true, roles: ['BUYER', 'SELLER'] },
    { id: 'same', active: true, roles: ['BUYER'] },
  ]
  const { join, pass, watch } = start(() => ({ ...nothing, ended: ['ended', 'elsewhere'], states }))
  const [ended, gone, promoted, same] = ['ended', 'gone', 'promoted', 'same'].map((id) => join(id).told)
  await pass(seconds(1))
  expect([ended, gone, promoted, same]).toEqual([
    [closings.sessionEnded],
    [closings.sessionEnded],
    [closings.rolesChanged],
    [],
  ])
  watch.stop()
})

test('given users is away, then everybody stays until the token ends, and the next question makes good what was missed (R12)', async () => {
  let away = true
  const { asked, join, pass, watch } = start(() => (away ? new Error('away') : { ...nothing, ended: ['ended'] }))
  const [short, long] = [join('short', [], seconds(3)), join('ended')]
  await pass(seconds(2))
  expect([short.told, long.told]).toEqual([[], []])
  await pass(seconds(1))
  expect(short.told).toEqual([closings.tokenExpired])
  away = false
  await pass(seconds(1))
  expect([long.told, asked.at(-1)?.since]).toEqual([[closings.sessionEnded], null])
  watch.stop()
})

test('given those who have left, then they hear nothing, and their session is asked for no more', async () => {
  const { asked, join, pass, watch } = start(() => ({ ...nothing, ended: ['a'] }))
  const [first, second] = [join('a'), join('a')]
  first.leave()
  await pass(seconds(1))
  expect([first.told, second.told]).toEqual([[], [closings.sessionEnded]])
  second.leave()
  await pass(seconds(2))
  expect(asked).toHaveLength(1)
  watch.stop()
})
