import { describe, expect, test } from 'vitest'
import { type Driven, drive, type Worker } from './drive.ts'
import { summarise } from './statistics.ts'

/** A clock that only moves when a worker works. */
const makeClock = () => {
  let time = 1_000
  return {
    now: () => time,
    pass: async (ms: number) => {
      time += ms
    },
  }
}

const run = (makeWorker: (pass: (ms: number) => Promise<void>) => Worker): Promise<Driven<number>> => {
  const clock = makeClock()
  return drive({
    concurrency: 1,
    warmUpMs: 100,
    windowMs: 500,
    mainSeries: 'main',
    makeWorker: () => makeWorker(clock.pass),
    now: clock.now,
    probe: clock.now,
  })
}

const summaryOf = ({ series, window }: Driven<number>, name: string) => summarise(series.get(name) ?? [], window)

describe('drive', () => {
  test('given turns of 10 ms, then a window of 500 ms holds 50, and the probes stand at its ends', async () => {
    const driven = await run((pass) => (measure) => measure('main', () => pass(10)))
    expect(driven.window).toEqual({ from: 1_100, to: 1_600 })
    expect([driven.before, driven.after]).toEqual([1_100, 1_600])
    expect(driven.series.get('main')).toHaveLength(60)
    expect(summaryOf(driven, 'main')).toMatchObject({ perSecond: 100, errors: 0, latency: { p50: 10, max: 10 } })
  })

  test('given a turn longer than the warm-up, then the window opens when somebody looks, and rates use its real length', async () => {
    const driven = await run((pass) => (measure) => measure('main', () => pass(250)))
    expect(driven.window).toEqual({ from: 1_250, to: 1_750 })
    expect(summaryOf(driven, 'main').perSecond).toBe(4)
  })

  test('given turns longer than the window, then it stays open until one has ended, and their rate is true', async () => {
    const driven = await run((pass) => (measure) => measure('main', () => pass(2_000)))
    expect(driven.window).toEqual({ from: 3_000, to: 5_000 })
    expect(summaryOf(driven, 'main')).toMatchObject({ done: 1, perSecond: 0.5, latency: { p50: 2_000 } })
  })

  test('given a whole and a part of it, then each has its series', async () => {
    const driven = await run(
      (pass) => (measure) =>
        measure('main', async () => {
          await pass(40)
          await measure('part', () => pass(10))
        }),
    )
    expect(summaryOf(driven, 'main').latency?.p50).toBe(50)
    expect(summaryOf(driven, 'part').latency?.p50).toBe(10)
  })

  test('given a failure inside a measurement, then it is noted there once and the worker goes on', async () => {
    const driven = await run(
      (pass) => (measure) =>
        measure('main', async () => {
          await pass(10)
          throw new Error('no')
        }),
    )
    expect(summaryOf(driven, 'main')).toMatchObject({ errors: 50, done: 0, firstError: 'no' })
  })

  test('given a failure outside of any measurement, then the main series shows it', async () => {
    const driven = await run((pass) => async () => {
      await pass(10)
      throw 'no sign-in'
    })
    expect(summaryOf(driven, 'main')).toMatchObject({ errors: 50, firstError: 'no sign-in' })
  })

  test('given several workers, then as many turns are under way at once', async () => {
    let [underWay, most] = [0, 0]
    const clock = makeClock()
    await drive({
      concurrency: 7,
      warmUpMs: 0,
      windowMs: 100,
      mainSeries: 'main',
      now: clock.now,
      probe: clock.now,
      makeWorker: () => async () => {
        underWay += 1
        most = Math.max(most, underWay)
        await clock.pass(1)
        underWay -= 1
      },
    })
    expect(most).toBe(7)
  })
})
