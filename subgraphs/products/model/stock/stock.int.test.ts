import { expect, test } from 'vitest'
import { makeTestDeps } from '../../../../tests/subgraph.ts'
import { mainLocation } from '../../domain/location.ts'
import { makeStockModel } from './stock.ts'

const place = { _id: 'var_a', variantId: 'var_a' }
const taking = { orderId: 'ord_a', quantity: 2 }
const hold = { ...taking, expiresAt: 9_000_000_000_000 }

/** 5 units of a variant, and the place of it as somebody has read it. */
const givenStock = async () => {
  const deps = await makeTestDeps('products')
  const stock = makeStockModel(deps.database, deps)
  await stock.open('usr_a', [{ variantId: 'var_a', location: mainLocation, quantity: 5 }])
  const units = async () => {
    const [found] = await stock.byIds(['var_a'])
    return [found?.places[0]?.available, found?.places[0]?.reserved]
  }
  return { stock, units }
}

test('given an order that ended between the reading and the writing of a late command, then nothing is held for it or sold to it (R8, F3)', async () => {
  const { stock, units } = await givenStock()
  await stock.end(place, { ...taking, quantity: 0 })
  expect([await stock.hold(place, hold), await stock.claimFree(place, taking)]).toEqual([false, false])
  expect(await units()).toEqual([5, 0])
})

test('given two who act for one order from the same reading, then the place gives its units once (I3)', async () => {
  const { stock, units } = await givenStock()
  expect((await Promise.all([1, 2, 3].map(() => stock.hold(place, hold)))).filter(Boolean)).toHaveLength(1)
  expect(await units()).toEqual([3, 2])
  expect((await Promise.all([1, 2, 3].map(() => stock.claimHeld(place, taking)))).filter(Boolean)).toHaveLength(1)
  expect([await stock.claimFree(place, taking), await stock.hold(place, hold)]).toEqual([false, false])
  expect(await units()).toEqual([3, 0])
})

test('given the stock of a location has read an older change, when it follows a newer one before it writes, then the newer one stays', async () => {
  const { stock, units } = await givenStock()
  const [older, newer] = [
    { ...mainLocation, v: 2, isActive: false },
    { ...mainLocation, v: 3 },
  ]
  const { model } = stock
  const write = model.updateMany.bind(model)
  model.updateMany = ((...args: Parameters<typeof write>) => {
    model.updateMany = write
    return stock.follow(newer).then(() => write(...args))
  }) as never
  await stock.follow(older)
  expect(await stock.hold(place, hold)).toBe(true)
  expect(await units()).toEqual([3, 2])
})

test('given a place that was closed between the reading and the taking, then it gives nothing, and what it holds can be sold', async () => {
  const { stock, units } = await givenStock()
  await stock.hold(place, hold)
  for (const v of [2, 1]) await stock.follow({ ...mainLocation, v: v + 1, isActive: v === 1 })
  expect(await stock.hold(place, { ...hold, orderId: 'ord_b' })).toBe(false)
  expect(await stock.claimHeld({ variantId: 'var_a' }, taking)).toBe(true)
  expect(await units()).toEqual([3, 0])
})
