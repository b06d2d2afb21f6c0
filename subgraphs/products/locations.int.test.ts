import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { anonymous } from '#platform/auth.ts'
import { armCrashPoint } from '#platform/crashPoint.ts'
import { startSubgraph } from '#platform/runningSubgraph.ts'
import { products } from './index.ts'
import { admin, otherSeller, seller, startStock } from './testing.ts'

let disarm = (): void => undefined
afterEach(() => disarm())

/** 3 units at the main location, 2 in the north that come first, 5 in the south that come last. */
const startPlaces = async () => {
  const stock = await startStock(3)
  await stock.locate({ code: 'north', name: 'North', priority: 1 })
  await stock.locate({ code: 'south', name: 'South', priority: 900 })
  await stock.adjust(2, 'k north', { location: 'north' })
  await stock.adjust(5, 'k south', { location: 'south' })
  return stock
}

const full = { north: [2, 0], main: [3, 0], south: [5, 0] }

describe('units at several locations', () => {
  test('given an order that one location can serve, then it comes from the first that can, and what is left is the sum', async () => {
    const { hold, places, left } = await startPlaces()
    expect(await left()).toBe(10)
    await hold('ord_a', 3)
    expect(await places()).toEqual({ ...full, main: [0, 3] })
    await hold('ord_b', 1)
    expect(await places()).toEqual({ north: [1, 1], main: [0, 3], south: [5, 0] })
    expect(await left()).toBe(6)
  })

  test('given an order that only several can serve, then repeating changes nothing, and each unit goes back to where it came from (I1, I2, I3)', async () => {
    const { hold, claim, restock, release, places, left, many } = await startPlaces()
    for (const _ of [1, 2]) expect((await hold('ord_a', 9)).done).toBe(true)
    expect(await places()).toEqual({ north: [0, 2], main: [0, 3], south: [1, 4] })
    expect(await hold('ord_b', 2)).toMatchObject({ userErrors: [{ code: 'OUT_OF_STOCK', message: 'Only 1 left.' }] })
    for (const _ of [1, 2]) expect((await claim('ord_a', 9)).done).toBe(true)
    expect(await places()).toEqual({ north: [0, 0], main: [0, 0], south: [1, 0] })
    for (const _ of [1, 2]) await restock('ord_a', 9)
    expect(await places()).toEqual(full)
    await many.hold('ord_c', [[0, 10]])
    for (const _ of [1, 2]) await release('ord_c', 10)
    expect(await places()).toEqual(full)
    expect(await hold('ord_c', 1)).toMatchObject({ done: false })
    expect(await left()).toBe(10)
  })

  test('given too little at all of them together, then nothing is held anywhere (I1)', async () => {
    const { hold, places } = await startPlaces()
    expect(await hold('ord_a', 11)).toMatchObject({ userErrors: [{ code: 'OUT_OF_STOCK', message: 'Only 10 left.' }] })
    expect(await places()).toEqual(full)
  })

  test('given a split hold that has ended, when the order is paid all the same, then it takes what is free, or nothing and stays over (C10, R8)', async () => {
    const { hold, claim, adjust, places, clock, sweep } = await startPlaces()
    await hold('ord_a', 9)
    clock.advance(600_000)
    await sweep()
    expect((await claim('ord_a', 9)).done).toBe(true)
    expect(await places()).toEqual({ north: [0, 0], main: [0, 0], south: [1, 0] })
    await adjust(4, 'k more')
    await hold('ord_b', 5)
    clock.advance(600_000)
    await hold('ord_c', 1)
    const refused = { done: false, userErrors: [{ code: 'OUT_OF_STOCK' }] }
    expect(await claim('ord_b', 5)).toMatchObject(refused)
    await adjust(9, 'k much more')
    expect(await claim('ord_b', 5)).toMatchObject(refused)
  })

  test.each(['hold', 'claim'] as const)(
    'given a %s that dies between two locations, when it is done again, then it comes to the same; when its order turns back, all comes back (F1)',
    async (command) => {
      const run = async () => {
        const stock = await startPlaces()
        const act = () => stock[command]('ord_a', 9)
        const armed = armCrashPoint({ point: 'products.partTaken', nth: 1, way: 'throw' })
        disarm = armed.disarm
        await expect(act()).rejects.toThrow()
        return { ...stock, act }
      }
      const again = await run()
      expect((await again.act()).done).toBe(true)
      const [onHold, gone] = command === 'hold' ? [4, 0] : [0, 4]
      expect((await again.places()).south).toEqual([1, onHold])
      expect(await again.left()).toBe(1)
      expect(gone + onHold).toBe(4)
      const back = await run()
      await back.release('ord_a', 9)
      await back.restock('ord_a', 9, false)
      expect(await back.places()).toEqual(full)
    },
  )
})

describe('locations', () => {
  test('given one that is closed, then its units are not for sale and its holds can still be sold; opened again they are (I4)', async () => {
    const { hold, claim, locate, left, places } = await startPlaces()
    await hold('ord_a', 5)
    expect((await places()).south).toEqual([0, 5])
    await hold('ord_b', 2)
    await locate({ code: 'main', priority: 950 }, 'update')
    expect(await locate({ code: 'south', isActive: false, name: 'Far south' }, 'update')).toEqual({
      location: { code: 'south', name: 'Far south', priority: 900, isActive: false },
      userErrors: [],
    })
    expect(await left()).toBe(3)
    expect(await hold('ord_c', 4)).toMatchObject({ done: false })
    expect((await claim('ord_a', 5)).done).toBe(true)
    await locate({ code: 'north', isActive: false }, 'update')
    await hold('ord_d', 3)
    expect(await left()).toBe(0)
    await locate({ code: 'south', isActive: true }, 'update')
    expect(await left()).toBe(0)
    expect(Object.keys(await places())).toEqual(['north', 'south', 'main'])
  })

  test('given a change that dies before the stock has followed, when the job comes, then it follows (F1)', async () => {
    const { locate, left, sweep } = await startPlaces()
    const armed = armCrashPoint({ point: 'products.locationWritten', nth: 1, way: 'throw' })
    disarm = armed.disarm
    await locate({ code: 'south', isActive: false }, 'update')
    expect(await left()).toBe(10)
    for (const _ of [1, 2]) await sweep()
    expect(await left()).toBe(5)
  })

  test('given bad input, a code that is taken, or the main one to be closed, then the field is named and nothing changes', async () => {
    const { locate, adjust, ask } = await startPlaces()
    const refused = async (input: object, name?: 'update') =>
      (
        (await locate({ name: 'N', ...input }, name)) as { userErrors: { code: string; field: string[] }[] }
      ).userErrors.map(({ code, field }) => `${code} ${field.join('.')}`)
    expect(await refused({ code: 'North!', name: ' ', priority: -1 })).toEqual([
      'BAD_USER_INPUT input.code',
      'BAD_USER_INPUT input.name',
      'BAD_USER_INPUT input.priority',
    ])
    expect(await refused({ code: 'north' })).toEqual(['BAD_USER_INPUT input.code'])
    expect(await refused({ code: 'main', isActive: false }, 'update')).toEqual(['BAD_USER_INPUT input.isActive'])
    expect(await refused({ code: 'nowhere' }, 'update')).toEqual(['NOT_FOUND input.code'])
    expect(await adjust(1, 'k', { location: 'nowhere' })).toMatchObject({
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'location'] }],
    })
    expect(await adjust(-6, 'k2', { location: 'south' })).toMatchObject({
      userErrors: [{ code: 'OUT_OF_STOCK', field: ['input', 'delta'] }],
    })
    const { data } = await ask(seller, '{ stockLocations { code name priority isActive } }')
    expect(data?.stockLocations).toEqual([
      { code: 'north', name: 'North', priority: 1, isActive: true },
      { code: 'main', name: 'Main', priority: 100, isActive: true },
      { code: 'south', name: 'South', priority: 900, isActive: true },
    ])
  })

  test('given a new variant with its units elsewhere, then they are there; given an unknown location, then it is refused', async () => {
    const { ask, hold } = await startPlaces()
    await hold('ord_a', 1)
    const create = async (location: string) => {
      const query = `mutation ($v: [VariantInput!]!) { createProduct(input: { title: "Vase", variants: $v }) {
        product { variants { stock { location { code } onHand } availability { left } } } userErrors { code field } } }`
      const { data } = await ask(seller, query, { v: [{ sku: `V-${location}`, initialStock: 4, location }] })
      return data?.createProduct
    }
    expect(await create('south')).toMatchObject({
      product: {
        variants: [
          {
            stock: [
              { location: { code: 'main' }, onHand: 0 },
              { location: { code: 'south' }, onHand: 4 },
            ],
            availability: { left: 4 },
          },
        ],
      },
    })
    expect(await create('nowhere')).toMatchObject({
      product: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'variants', '0', 'location'] }],
    })
  })

  test('given somebody who neither sells it nor is an admin, then what is where is not told, and nobody but an admin says which locations there are (R9)', async () => {
    const { ask, productId } = await startPlaces()
    const seen = async (viewer: typeof seller | typeof anonymous) => {
      const { data } = await ask(viewer, 'query ($id: ID!) { product(id: $id) { variants { stock { onHand } } } }', {
        id: productId,
      })
      return (data?.product as { variants: { stock: unknown[] }[] }).variants[0]?.stock.length
    }
    expect(await Promise.all([seller, admin, otherSeller, anonymous].map(seen))).toEqual([3, 3, 0, 0])
    expect((await ask(anonymous, '{ stockLocations { code } }')).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED')
    const { data } = await ask(
      seller,
      'mutation { createStockLocation(input: { code: "mine", name: "Mine" }) { location { code } userErrors { code } } }',
    )
    expect(data?.createStockLocation).toEqual({ location: null, userErrors: [{ code: 'FORBIDDEN' }] })
  })

  test('given a watcher, when a location is closed or sells out, then it hears of it; consumers hear of the variant (R15)', async () => {
    const { subscribe, subgraph, locate, hold, variantId } = await startPlaces()
    const query =
      'subscription ($ids: [ID!]!) { stockChanged(variantIds: $ids) { seq variant { availability { left } } } }'
    const live = (await subscribe(anonymous, query, { ids: [variantId] })) as AsyncIterableIterator<{
      data: { stockChanged: { seq: number; variant: { availability: { left: number } } } }
    }>
    onTestFinished(async () => void (await live.return?.()))
    const next = async () => (await live.next()).value.data.stockChanged
    const seqs = [await next()]
    await locate({ code: 'south', isActive: false }, 'update')
    seqs.push(await next())
    await hold('ord_a', 5)
    seqs.push(await next())
    expect(seqs.map(({ variant }) => variant.availability.left)).toEqual([10, 5, 0])
    expect(seqs.map(({ seq }) => seq)).toEqual(seqs.map(({ seq }) => seq).toSorted((a, b) => a - b))
    const source = subgraph.parts.outboxes?.find(({ name }) => name.startsWith('availability'))
    const told = (await source?.pending(10)) ?? []
    expect(new Set(told.map(({ payload }) => JSON.stringify(payload)))).toEqual(
      new Set([JSON.stringify({ variantId, inStock: false })]),
    )
    for (const event of told) await source?.done([event])
    expect(await source?.pending(10)).toEqual([])
    await locate({ code: 'south', isActive: true }, 'update')
    expect((await source?.pending(10))?.map(({ payload }) => payload)).toEqual([{ variantId, inStock: true }])
  })

  test('given stock from before there were locations, when a new process starts, then it is that of the main one, with its holds and sales (I2)', async () => {
    const stock = await startStock(10)
    const { deps, variantId, clock } = stock
    const old = {
      ...{ v: 7, sellerId: seller.id, initial: 10, adjusted: 0, sold: 4, available: 4, reserved: 2, soldOut: false },
      holds: [{ orderId: 'ord_a', quantity: 2, expiresAt: clock.now() + 60_000 }],
      claims: ['ord_b', 'ord_c'],
      ...{ restocks: [], ended: [], adjustments: [] },
    }
    await deps.database.collection('stock').replaceOne({ _id: variantId as never }, old)
    for (const _ of [1, 2]) await (await startSubgraph(products, deps)).stop()
    expect(await stock.places()).toEqual({ main: [4, 2] })
    expect((await stock.claim('ord_a', 2)).done).toBe(true)
    for (const _ of [1, 2]) await stock.restock('ord_b', 3)
    await stock.restock('ord_c', 1, false)
    expect(await stock.places()).toEqual({ main: [8, 0] })
    expect(await stock.row()).toMatchObject({ sold: 2 })
  })
})
