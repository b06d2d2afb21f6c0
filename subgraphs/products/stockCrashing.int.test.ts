import { afterEach, describe, expect, test } from 'vitest'
import { armCrashPoint, type CrashPoint, crashPoints } from '#platform/crashPoint.ts'
import { startStock } from './testing.ts'

let disarm = (): void => undefined
afterEach(() => disarm())

type Stock = Awaited<ReturnType<typeof startStock>>

const lines = [
  [0, 2],
  [1, 2],
] as const
/** The second variant has too little of it. */
const tooMuch = [
  [0, 2],
  [1, 9],
] as const

interface Story {
  readonly point: CrashPoint
  readonly before?: (stock: Stock) => Promise<unknown>
  /** What crashes, and is done again afterwards. */
  readonly act: (stock: Stock) => Promise<{ readonly done: boolean }>
  readonly done: boolean
  /** Available and reserved of each of the two variants. */
  readonly after: readonly (readonly [number, number])[]
}

const hold = (stock: Stock) => stock.many.hold('ord_a', lines)
const claim = (stock: Stock) => stock.many.claim('ord_a', lines)
const sell = async (stock: Stock) => {
  await hold(stock)
  await claim(stock)
}
const held = [
  [3, 2],
  [3, 2],
] as const
const sold = [
  [3, 0],
  [3, 0],
] as const
const back = [
  [5, 0],
  [5, 0],
] as const

const stories: Readonly<Record<string, Story>> = {
  'a hold': { point: 'products.stockTaken', act: hold, done: true, after: held },
  'a claim': { point: 'products.stockTaken', before: hold, act: claim, done: true, after: sold },
  'a claim after the end of the hold': {
    point: 'products.stockTaken',
    before: async (stock) => {
      await hold(stock)
      stock.clock.advance(600_000)
      await stock.sweep()
    },
    act: claim,
    done: true,
    after: sold,
  },
  'a hold that is refused': {
    point: 'products.stockGivenBack',
    act: (stock) => stock.many.hold('ord_a', tooMuch),
    done: false,
    after: back,
  },
  'a release': {
    point: 'products.stockReleased',
    before: hold,
    act: (stock) => stock.many.release('ord_a', lines),
    done: true,
    after: back,
  },
  'a restock': {
    point: 'products.stockRestocked',
    before: sell,
    act: (stock) => stock.many.restock('ord_a', lines),
    done: true,
    after: back,
  },
  'a restock of unknown claims': {
    point: 'products.stockRestocked',
    before: sell,
    act: (stock) => stock.many.restock('ord_a', lines, false),
    done: true,
    after: back,
  },
}

const unitsOf = async (stock: Stock) =>
  (await stock.rows()).map(({ available, reserved }) => [available, reserved] as const)

/** With several locations: locations.int.test.ts. */
const elsewhere = ['products.partTaken', 'products.locationWritten']

test('every crash point of products has its story (F1)', () => {
  const own = Object.keys(crashPoints).filter((name) => name.startsWith('products.') && !elsewhere.includes(name))
  expect([...new Set(Object.values(stories).map(({ point }) => point as string))].sort()).toEqual(own.sort())
})

describe('a stock operation whose process dies between two variants (F1, R4)', () => {
  test.each(Object.entries(stories))('%s: done again, it comes to the same', async (_, story) => {
    const stock = await startStock(5, 2)
    await story.before?.(stock)
    const armed = armCrashPoint({ point: story.point, nth: 1, way: 'throw' })
    disarm = armed.disarm
    await expect(story.act(stock)).rejects.toThrow()
    await armed.reached
    for (const _ of [1, 2]) expect((await story.act(stock)).done).toBe(story.done)
    expect(await unitsOf(stock)).toEqual(story.after)
  })

  test('a hold that nobody does again, because its order turns back: everything comes back, and stays', async () => {
    const stock = await startStock(5, 2)
    const armed = armCrashPoint({ point: 'products.stockTaken', nth: 1, way: 'throw' })
    disarm = armed.disarm
    await expect(hold(stock)).rejects.toThrow()
    await stock.many.release('ord_a', lines)
    expect(await unitsOf(stock)).toEqual(back)
  })
})

describe('a command that comes after the end of its order (R8, F3)', () => {
  test.each(['hold', 'claim'] as const)('given the order was released, then a late %s is refused', async (command) => {
    const stock = await startStock(5, 2)
    await stock.many.release('ord_a', lines)
    const late = await stock.many[command]('ord_a', lines)
    expect([late.done, await unitsOf(stock)]).toEqual([false, back])
  })

  test('given the hold had ended by itself and the order was released, then a late claim takes nothing', async () => {
    const stock = await startStock(5, 2)
    await hold(stock)
    stock.clock.advance(600_000)
    await stock.sweep()
    await stock.many.release('ord_a', lines)
    expect((await claim(stock)).done).toBe(false)
    expect(await unitsOf(stock)).toEqual(back)
  })
})
