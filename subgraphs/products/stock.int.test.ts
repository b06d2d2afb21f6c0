import { expect, onTestFinished, test } from 'vitest'
import { anonymous } from '#platform/auth.ts'
import { seller, startStock } from './testing.ts'

test('given 10 units, when an order holds, claims, and is canceled, then units move and repeating changes nothing (I1, I2, I3)', async () => {
  const stock = await startStock(10)
  for (const _ of [1, 2]) expect(await stock.hold('ord_a', 3)).toEqual({ done: true, userErrors: [] })
  expect(await stock.left()).toBe(7)
  for (const _ of [1, 2]) expect((await stock.claim('ord_a', 3)).done).toBe(true)
  expect(await stock.row()).toMatchObject({ available: 7, reserved: 0, holds: [] })
  expect((await stock.hold('ord_a', 3)).done).toBe(true)
  expect(await stock.left()).toBe(7)
  for (const _ of [1, 2]) await stock.restock('ord_a', 3)
  expect(await stock.row()).toMatchObject({ available: 10, reserved: 0 })
})

test('given a hold, when it is released twice, then the units come back once', async () => {
  const stock = await startStock(10)
  await stock.hold('ord_a', 4)
  for (const _ of [1, 2]) await stock.release('ord_a', 4)
  expect(await stock.row()).toMatchObject({ available: 10, reserved: 0, holds: [] })
})

test('given a claim of unknown outcome, when the order is taken back, then nothing is invented and a late claim is refused (I2, I5)', async () => {
  const stock = await startStock(10)
  await stock.hold('ord_a', 2)
  await stock.release('ord_a', 2)
  for (const _ of [1, 2]) await stock.restock('ord_a', 2, false)
  expect(await stock.row()).toMatchObject({ available: 10, reserved: 0 })
  expect(await stock.claim('ord_a', 2)).toMatchObject({ done: false, userErrors: [{ code: 'OUT_OF_STOCK' }] })

  await stock.hold('ord_b', 3)
  await stock.claim('ord_b', 3)
  for (const _ of [1, 2]) await stock.restock('ord_b', 3, false)
  expect(await stock.row()).toMatchObject({ available: 10, reserved: 0 })
})

test('given the same variant on two lines, when it is held, then demand is summed (C4)', async () => {
  const stock = await startStock(3)
  expect(await stock.hold('ord_a', 2, true)).toMatchObject({
    done: false,
    userErrors: [{ code: 'OUT_OF_STOCK', message: 'Only 3 left.' }],
  })
  expect(await stock.row()).toMatchObject({ available: 3, reserved: 0 })
})

test('given 10 units, when 40 orders race for one each, then exactly 10 get it (C1, I1)', async () => {
  const stock = await startStock(10)
  const results = await Promise.all(Array.from({ length: 40 }, (_, i) => stock.hold(`ord_${i}`, 1)))
  expect(results.filter(({ done }) => done)).toHaveLength(10)
  expect(results.filter(({ done }) => !done).every(({ userErrors }) => userErrors[0]?.code === 'OUT_OF_STOCK')).toBe(
    true,
  )
  expect(await stock.row()).toMatchObject({ available: 0, reserved: 10 })
})

test('given an expired hold, when others look or buy, then its units are free even before the sweeper comes (I4)', async () => {
  const stock = await startStock(5)
  await stock.hold('ord_a', 5)
  expect(await stock.left()).toBe(0)
  stock.clock.advance(600_000)
  expect(await stock.left()).toBe(5)
  expect((await stock.hold('ord_b', 4)).done).toBe(true)
  expect(await stock.row()).toMatchObject({ available: 1, reserved: 4 })
  expect(await stock.claim('ord_a', 5)).toMatchObject({ done: false, userErrors: [{ code: 'OUT_OF_STOCK' }] })
})

test('given an expired hold, when the sweeper runs twice, then the units are back once', async () => {
  const stock = await startStock(5)
  await stock.hold('ord_a', 2)
  stock.clock.advance(600_000)
  const sweep = stock.subgraph.parts.jobs?.find(({ name }) => name === 'products.releaseExpiredHolds')
  await Promise.all([sweep?.run(), sweep?.run()])
  expect(await stock.row()).toMatchObject({ available: 5, reserved: 0, holds: [] })
})

test('given an adjustment key, when it is repeated, then it counts once; with other input it is refused; to another person it is another key (C7, C13)', async () => {
  const stock = await startStock(5)
  for (const _ of [1, 2])
    expect(await stock.adjust(3, 'k1')).toMatchObject({ variant: { availability: { left: 8 } }, userErrors: [] })
  expect(await stock.adjust(4, 'k1')).toMatchObject({
    userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['input', 'idempotencyKey'] }],
  })
  expect(await stock.adjust(3, 'k1', { reason: 'other' })).toMatchObject({
    userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['input', 'idempotencyKey'] }],
  })
  const admin = { ...seller, id: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAD', roles: ['ADMIN'] } as typeof seller
  expect(await stock.adjust(1, 'k1', { viewer: admin })).toMatchObject({ variant: { availability: { left: 9 } } })
  expect(await stock.adjust(-1, 'k5')).toMatchObject({ variant: { availability: { left: 8 } } })
  const twins = await Promise.all(Array.from({ length: 20 }, () => stock.adjust(1, 'k6')))
  expect(new Set(twins.map((twin) => JSON.stringify(twin))).size).toBe(1)
  expect(await stock.left()).toBe(9)
  expect(await stock.adjust(-19, 'k2')).toMatchObject({
    userErrors: [{ code: 'OUT_OF_STOCK', field: ['input', 'delta'] }],
  })
  expect(await stock.adjust(0, 'k3')).toMatchObject({
    userErrors: [{ code: 'BAD_USER_INPUT', field: ['input', 'delta'] }],
  })
})

test('given an adjustment whose answer was never stored, when it comes again, then it counts once all the same (C13, R7)', async () => {
  const stock = await startStock(5)
  await stock.adjust(3, 'k1')
  await stock.deps.database.collection('idempotency_keys').deleteMany({})
  expect(await stock.adjust(3, 'k1')).toMatchObject({ variant: { availability: { left: 8 } }, userErrors: [] })
  expect(await stock.left()).toBe(8)
})

const startWatching = async (units: number) => {
  const stock = await startStock(units)
  const watch = async (ids: readonly string[] = [stock.variantId]) => {
    const stream = (await stock.subscribe(
      anonymous,
      'subscription ($ids: [ID!]!) { stockChanged(variantIds: $ids) { seq variant { sku availability { left } } } }',
      { ids },
    )) as AsyncIterable<{ data: { stockChanged: { seq: number; variant: { availability: { left: number } } } } }>
    const events = stream[Symbol.asyncIterator]()
    onTestFinished(async () => void (await events.return?.()))
    const next = async () => {
      const { seq, variant } = (await events.next()).value!.data.stockChanged
      return { seq, left: variant.availability.left }
    }
    return { events, next }
  }
  return { ...stock, watch }
}

test('given a subscriber, when stock changes, then it gets the present state first and the change after it (R15)', async () => {
  const { watch, hold } = await startWatching(5)
  const { events, next } = await watch()
  const first = await next()
  expect(first.left).toBe(5)
  await hold('ord_a', 2)
  const second = await next()
  expect(second.left).toBe(3)
  expect(second.seq).toBeGreaterThan(first.seq)
  const silent = events.next()
  await events.return?.()
  expect(await silent).toEqual({ done: true, value: undefined })
})

test('given a hold that becomes a sale, which no buyer can see, then nothing is told until the availability changes', async () => {
  const { watch, hold, claim } = await startWatching(5)
  const { next } = await watch()
  await next()
  await hold('ord_a', 2)
  expect((await next()).left).toBe(3)
  await claim('ord_a', 2)
  await hold('ord_b', 1)
  expect((await next()).left).toBe(2)
})

test('given many changes in quick succession, then the latest state is told, once or a few times', async () => {
  const { watch, adjust } = await startWatching(5)
  const { next } = await watch()
  await next()
  for (let n = 1; n <= 20; n++) await adjust(1, `k${n}`)
  let told = 0
  let last = { seq: 0, left: 0 }
  do {
    const change = await next()
    expect(change.seq).toBeGreaterThan(last.seq)
    last = change
    told += 1
  } while (last.left < 25)
  expect(told).toBeLessThan(20)
})

test('given a draft or a variant that does not exist, then it is silent; given too many, then the subscription is refused (R9)', async () => {
  const { watch, ask, subscribe, variantId } = await startWatching(5)
  const draft = await ask(
    seller,
    'mutation { createProduct(input: { title: "Secret", variants: [{ sku: "S", initialStock: 9 }] }) { product { variants { id } } } }',
  )
  const [{ id: hidden }] = (draft.data?.createProduct as { product: { variants: [{ id: string }] } }).product.variants
  const { next } = await watch([hidden, 'var_01ARZ3NDEKTSV4RRFFQ69G5FZZ', variantId])
  expect((await next()).left).toBe(5)
  for (const ids of [[], Array(51).fill(variantId), ['nonsense']]) {
    const refused = await subscribe(
      anonymous,
      'subscription ($ids: [ID!]!) { stockChanged(variantIds: $ids) { seq } }',
      {
        ids,
      },
    )
    expect(refused).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
  }
})

test('given stock that ends and comes back, then its consumers are told each state once, and nothing in between', async () => {
  const { subgraph, adjust, hold, variantId } = await startStock(2)
  const source = subgraph.parts.outboxes?.find(({ name }) => name.startsWith('availability'))
  const tellAll = async () => {
    const events = (await source?.pending(10)) ?? []
    for (const event of events) await source?.done([event])
    return events.map(({ type, payload }) => ({ type, ...payload }))
  }
  expect(await tellAll()).toEqual([])
  await hold('ord_a', 1)
  expect(await tellAll()).toEqual([])
  await hold('ord_b', 1)
  expect(await tellAll()).toEqual([{ type: 'AvailabilityChanged', variantId, inStock: false }])
  expect(await tellAll()).toEqual([])
  await adjust(5, 'k1')
  await adjust(-5, 'k2')
  expect(await tellAll()).toEqual([])
  await adjust(5, 'k3')
  expect(await tellAll()).toEqual([{ type: 'AvailabilityChanged', variantId, inStock: true }])
})
