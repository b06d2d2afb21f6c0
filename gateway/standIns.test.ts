import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { makeManualClock, minutes, seconds } from '#kernel/time.ts'
import { metrics } from '#platform/metrics/table.ts'
import { inNobodysName } from './execution/identity.ts'
import type { FetchRequest } from './execution/run.ts'
import { standInForEntities } from './standIns.ts'

const everybody = { context: null, identity: inNobodysName }
const seller = { context: null, identity: 'a seller' }

const fetchOf = (ids: readonly string[], more: Partial<FetchRequest> = {}): FetchRequest => ({
  subgraph: 'pricing',
  query: 'query ($representations: [_Any!]!) { _entities(representations: $representations) { price } }',
  variables: { representations: ids.map((id) => ({ __typename: 'ProductVariant', id })) },
  kind: 'query',
  isPublic: true,
  ...more,
})

const away = new GraphQLError('A part of the shop does not answer; try again.', {
  extensions: { code: 'UNAVAILABLE', retryable: true },
})

const start = () => {
  const clock = makeManualClock()
  const pricing = { price: 10, failure: null as Error | null, extensions: {} }
  const send = standInForEntities<null>(async ({ variables }) => {
    if (pricing.failure) throw pricing.failure
    const ids = (variables?.representations as { id: string }[]).map(({ id }) => id)
    return { data: { _entities: ids.map((id) => ({ id, price: pricing.price })) }, extensions: pricing.extensions }
  }, clock)
  return { clock, pricing, send }
}

const pricesOf = (data: unknown) => (data as { _entities: ({ price: number } | null)[] })._entities

test('given a part that is away, when it has answered before, then its last answer stands in with the time at which it was read, for each entity by itself (F9)', async () => {
  const { clock, pricing, send } = start()
  const read = clock.now()
  await send(fetchOf(['a', 'b']), everybody)
  clock.advance(seconds(2))
  pricing.price = 11
  await send(fetchOf(['b']), everybody)
  pricing.failure = away
  const { data, errors, extensions } = await send(fetchOf(['b', 'c', 'a']), everybody)
  expect(pricesOf(data)).toEqual([{ id: 'b', price: 11 }, null, { id: 'a', price: 10 }])
  expect(extensions).toEqual({ staleSince: read })
  expect(errors).toMatchObject([{ message: away.message, path: ['_entities', 1], extensions: away.extensions }])
  expect((await metrics.cacheReads.get()).values).toEqual([
    { labels: { cache: 'gateway:pricing', outcome: 'stale' }, value: 2 },
  ])
})

test('given what stood in, when whoever asked has changed it, then the next one gets it as it was', async () => {
  const { pricing, send } = start()
  const first = await send(fetchOf(['a']), everybody)
  Object.assign(pricesOf(first.data)[0] ?? {}, { price: 'changed' })
  pricing.failure = away
  Object.assign(pricesOf((await send(fetchOf(['a']), everybody)).data)[0] ?? {}, { price: 'changed' })
  expect(pricesOf((await send(fetchOf(['a']), everybody)).data)).toEqual([{ id: 'a', price: 10 }])
})

test('given an answer of more than ten minutes ago, or of a clock that was put back, then nothing stands in (F14)', async () => {
  const { clock, pricing, send } = start()
  await send(fetchOf(['a']), everybody)
  pricing.failure = away
  clock.advance(minutes(10))
  await expect(send(fetchOf(['a']), everybody)).rejects.toBe(away)
  clock.advance(-minutes(20))
  await expect(send(fetchOf(['a']), everybody)).rejects.toBe(away)
})

test.each([
  ['a fault of our own', new Error('a bug'), fetchOf(['a'])],
  ['another fetch', away, fetchOf(['a'], { query: 'query { other }' })],
  ['other variables', away, fetchOf([], { variables: { ...fetchOf(['a']).variables, currency: 'USD' } })],
  ['another subgraph', away, fetchOf(['a'], { subgraph: 'products' })],
  ['what belongs to somebody', away, fetchOf(['a'], { isPublic: false })],
  ['a mutation', away, fetchOf(['a'], { kind: 'mutation' })],
])('given %s, then nothing stands in (threat: cache)', async (_what, failure, request) => {
  const { pricing, send } = start()
  await send(fetchOf(['a']), everybody)
  pricing.failure = failure
  await expect(send(request, everybody)).rejects.toBe(failure)
})

test('given what a seller was shown, or what was out of date itself, then it stands in for nobody (threat: cache)', async () => {
  const { pricing, send } = start()
  await send(fetchOf(['a']), seller)
  pricing.extensions = { staleSince: 1 }
  await send(fetchOf(['a']), everybody)
  pricing.failure = away
  await expect(send(fetchOf(['a']), everybody)).rejects.toBe(away)
})
