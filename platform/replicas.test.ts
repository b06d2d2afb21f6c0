import { expect, test } from 'vitest'
import type { SignedCall, SubgraphEndpoint, SubgraphResponse } from './call.ts'
import { makeManualClock, seconds } from './kernel/time.ts'
import { Away } from './presence.ts'
import { LeftAlone } from './protectedEndpoint.ts'
import { spreadOver } from './replicas.ts'

type Behaviour = SubgraphResponse | Error

const fine: SubgraphResponse = { status: 200, result: { data: {} } }
const coded = (code: string): Error => Object.assign(new Error(code), { code })

/** Replicas that behave as told, and the names of those that were asked, in order. */
const start = (...behaviours: Behaviour[]) => {
  const asked: number[] = []
  const clock = makeManualClock(0)
  const endpoints = behaviours.map(
    (_, index): SubgraphEndpoint => ({
      execute: async () => {
        asked.push(index)
        const behaviour = behaviours[index]!
        if (behaviour instanceof Error) throw behaviour
        return behaviour
      },
      subscribe: async () => {
        asked.push(index)
        return fine.result
      },
      stop: async () => undefined,
    }),
  )
  const one = spreadOver({ all: () => endpoints, stop: async () => undefined }, clock)
  const ask = (kind: 'query' | 'mutation', signal?: AbortSignal) =>
    one.execute({ headers: {} as SignedCall['headers'], body: '', kind, signal })
  const take = (): number[] => asked.splice(0)
  return { one, ask, take, clock, behaviours }
}

test('given three replicas, when six calls come, then each gets two', async () => {
  const { ask, take } = start(fine, fine, fine)
  for (let n = 0; n < 6; n++) await ask('query')
  expect(take().toSorted()).toEqual([0, 0, 1, 1, 2, 2])
})

test.each([
  ['nobody listens', coded('ECONNREFUSED')],
  ['it cannot be reached', coded('UND_ERR_CONNECT_TIMEOUT')],
  ['it is known that nobody listens', new Away('nobody')],
  ['its breaker is open', new LeftAlone('open', 1_000)],
])(
  'given one of two where %s, then even a mutation is answered by the other: the first never got it (F9, F12)',
  async (_, error) => {
    const { ask } = start(error, fine)
    for (let n = 0; n < 4; n++) expect(await ask('mutation')).toBe(fine)
  },
)

test('given one whose connection breaks, then a query goes to the other, and a mutation does not: it may have been done (R20)', async () => {
  const { ask, take } = start(coded('ECONNRESET'), coded('ECONNRESET'))
  await expect(ask('mutation')).rejects.toThrow('ECONNRESET')
  expect(take()).toHaveLength(1)
  await expect(ask('query')).rejects.toThrow('ECONNRESET')
  expect(take()).toHaveLength(2)
})

test('given a client that has left, then nobody else is asked for it', async () => {
  const { ask, take } = start(coded('ECONNREFUSED'), coded('ECONNREFUSED'))
  await expect(ask('query', AbortSignal.abort())).rejects.toThrow()
  expect(take()).toHaveLength(1)
})

test('given one that says it is stopping, then the others get all calls and streams for longer than it drains; afterwards it is asked again (F12)', async () => {
  const { ask, one, take, clock } = start({ ...fine, isStopping: true }, fine)
  await ask('query')
  await ask('query')
  take()
  for (let n = 0; n < 5; n++) await ask('mutation')
  await one.subscribe({ headers: {} as SignedCall['headers'], body: '' })
  expect(new Set(take())).toEqual(new Set([1]))
  clock.advance(seconds(10))
  await ask('query')
  await ask('query')
  expect(take()).toContain(0)
})

test('given that all are stopping, then they are asked all the same', async () => {
  const { ask, behaviours } = start({ ...fine, isStopping: true }, { ...fine, isStopping: true })
  for (let n = 0; n < 4; n++) expect((await ask('mutation')).status).toBe(200)
  behaviours.fill(coded('ECONNREFUSED'))
  await expect(ask('query')).rejects.toThrow('ECONNREFUSED')
})
