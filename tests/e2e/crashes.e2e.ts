import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { armCrashPoint, type CrashPoint, crashPoints } from '../../platform/crashPoint.ts'
import { deedAt, elsewhere, isAside } from '../crashes/deeds.ts'
import { type Stage, setTheStage } from '../crashes/stage.ts'
import { startMortal } from '../mortalShop.ts'
import { soonTired, startTogether } from '../shop.ts'
import { settled } from '../verified.ts'

const isThorough = inject('thorough')

/** By `THOROUGH=1` all that are not proved elsewhere, otherwise those on the way of who buys and cancels: the others take their time. */
const points = (Object.keys(crashPoints) as CrashPoint[]).filter(
  (point) => !(point in elsewhere) && (isThorough || !isAside(point)),
)

/** How long something hangs: as F1 has it, or long enough for others to come and find it. */
const hangMs = isThorough ? 60_000 : 200
/** Several of the long proofs may start side by side. */
const startMs = isThorough ? 180_000 : 60_000
/** A shop is well again a minute after its last trouble. */
const patienceMs = 60_000 + (isThorough ? hangMs : 0)

describe('in one process', () => {
  let shop: Awaited<ReturnType<typeof startTogether>>
  let stage: Stage
  beforeAll(async () => {
    shop = await startTogether({ ...soonTired, LOG_LEVEL: 'silent' }, { here: 'it arms crash points in its process' })
    stage = await setTheStage(shop, { patienceMs })
  }, startMs)
  afterAll(() => shop?.stop())

  test.each(points.flatMap((point) => [[point, 'throw'] as const, [point, 'hang'] as const]))(
    'given %s, where a %s happens, when the client asks again with its key, then there is the one order (F1, I14)',
    async (point, way) => {
      const armed = armCrashPoint({ point, nth: 1, way })
      const told = deedAt(point)(stage)
      const over = told.catch(() => undefined)
      try {
        const isReached = await Promise.race([armed.reached.then(() => true), told.then(() => false)])
        expect(isReached).toBe(true)
        if (way === 'hang') await Promise.race([over, setTimeout(hangMs)])
      } finally {
        armed.disarm()
      }
      await told
    },
    2 * patienceMs,
  )

  test('given all these crashes, when the shop has come to rest, then every promise holds (F1, I1-I23)', async () => {
    const { orders } = await settled(shop.snapshot)
    expect(orders).not.toEqual([])
  }, 90_000)
})

/** A start of the whole shop for each takes a while: by `THOROUGH=1` all of them, otherwise one in each part of the shop. */
const fatal = isThorough
  ? points
  : points.filter((point, index) => index === points.findIndex((other) => other.split('.')[0] === point.split('.')[0]))

/** Lives that follow each other without a rest: in more of them a client would not get through between two deaths. */
const livesInARow = 5
const rows = Array.from({ length: Math.ceil(fatal.length / livesInARow) }, (_, row) =>
  fatal.slice(row * livesInARow, (row + 1) * livesInARow),
)

describe('in a process that dies', () => {
  let shop: Awaited<ReturnType<typeof startMortal>>
  let stage: Stage
  beforeAll(async () => {
    shop = await startMortal(soonTired)
    stage = await setTheStage(shop, { whenOpen: shop.whenOpen, patienceMs })
  }, startMs)
  afterAll(() => shop?.stop())

  test.each(rows.map((row) => [row.join(', '), row] as const))(
    'given the shop is killed at %s in turn, then clients with their keys get the one order (F1, F2)',
    async (_, row) => {
      const stories: Promise<unknown>[] = []
      for (const point of row) {
        const { died } = await shop.doom(point)
        const told = deedAt(point)(stage)
        told.catch(() => undefined)
        stories.push(told)
        // Any of the stories may be the one that gets there.
        const all = Promise.allSettled(stories).then(
          (ends) => `nobody came to ${point}: ${ends.map((end) => (end.status === 'rejected' ? end.reason : 'done'))}`,
        )
        expect(await Promise.race([died, all])).toBe('SIGKILL')
      }
      await shop.doom(null)
      await Promise.all(stories)
    },
    300_000,
  )

  test('given all these deaths, when the shop has come to rest, then every promise holds (F1, I1-I23)', async () => {
    const { orders } = await settled(shop.snapshot)
    expect(orders).not.toEqual([])
  }, 90_000)
})
