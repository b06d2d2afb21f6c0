import { expect, test } from 'vitest'
import { type Deadlines, makeLifecycle } from './lifecycle.ts'
import { makeLog } from './log.ts'

const start = (deadlines?: Deadlines) => {
  const lines: string[] = []
  const happened: string[] = []
  const lifecycle = makeLifecycle(makeLog('error', { write: (line) => void lines.push(line) }), deadlines)
  const part = (name: string, stop: () => Promise<void> | void = () => undefined) => {
    happened.push(`start ${name}`)
    return {
      name,
      stop: () => {
        happened.push(`stop ${name}`)
        return stop()
      },
    }
  }
  return { lifecycle, lines, happened, part }
}

test('given parts, when they are started and stopped, then the order of stopping is the reverse', async () => {
  const { lifecycle, happened, part } = start()
  for (const name of ['database', 'users', 'gateway']) expect((await lifecycle.start(() => part(name))).name).toBe(name)
  await lifecycle.stop()
  await lifecycle.stop()
  const order = ['start database', 'start users', 'start gateway', 'stop gateway', 'stop users', 'stop database']
  expect(happened).toEqual(order)
})

test('given a part that stops slowly, when the others stop, then they wait for it', async () => {
  const { lifecycle, happened, part } = start()
  await lifecycle.start(() => part('database'))
  await lifecycle.start(async () =>
    part('users', async () => {
      await Promise.resolve()
      happened.push('users are done')
    }),
  )
  await lifecycle.stop()
  expect(happened.slice(2)).toEqual(['stop users', 'users are done', 'stop database'])
})

test('given a part that fails to start, when it does, then what ran is stopped and the reason is told', async () => {
  const { lifecycle, happened, part } = start()
  await lifecycle.start(() => part('database'))
  await lifecycle.start(() => part('users'))
  const failing = lifecycle.start(async () => {
    throw new Error('port 4000 is taken')
  })
  await expect(failing).rejects.toThrow('port 4000 is taken')
  expect(happened.slice(2)).toEqual(['stop users', 'stop database'])
  await lifecycle.stop()
  expect(happened).toHaveLength(4)
})

test('given parts that start side by side, when one fails and so the database goes from under another, then both tell the first reason', async () => {
  const { lifecycle, part } = start()
  const closed = Promise.withResolvers<never>()
  await lifecycle.start(() => part('database', () => closed.reject(new Error('the connection is closed'))))
  const users = lifecycle.start(async () => closed.promise)
  const orders = lifecycle.start(async () => {
    throw new Error('port 4001 is taken')
  })
  await expect(users).rejects.toThrow('port 4001 is taken')
  await expect(orders).rejects.toThrow('port 4001 is taken')
})

test('given parts that hang or throw, when all are stopped, then the others stop too and both are logged', async () => {
  const { lifecycle, happened, lines, part } = start({ partMs: 5 })
  const never = new Promise<void>(() => undefined)
  await lifecycle.start(() => part('database'))
  await lifecycle.start(() => part('hanging', () => never))
  await lifecycle.start(() => part('rejecting', () => Promise.reject(new Error('late reply'))))
  await lifecycle.start(() =>
    part('throwing', () => {
      throw new Error('no socket')
    }),
  )
  await lifecycle.stop()
  expect(happened.slice(4)).toEqual(['stop throwing', 'stop rejecting', 'stop hanging', 'stop database'])
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { msg: 'a part failed to stop', unit: 'throwing', cause: 'Error: no socket' },
    { msg: 'a part failed to stop', unit: 'rejecting', cause: 'Error: late reply' },
    { msg: 'a part did not stop in time', unit: 'hanging', durationMs: 5 },
  ])
})

test('given a stop in the middle of the start, when the slow part is up at last, then it is stopped and nothing more starts', async () => {
  const { lifecycle, happened, part } = start()
  const slow = Promise.withResolvers<void>()
  await lifecycle.start(() => part('database'))
  const starting = lifecycle.start(async () => {
    await slow.promise
    return part('users')
  })
  await lifecycle.stop()
  slow.resolve()
  await expect(starting).rejects.toThrow('stopped before the start was complete')
  await expect(lifecycle.start(() => part('gateway'))).rejects.toThrow('stopped before')
  expect(happened).toEqual(['start database', 'stop database', 'start users', 'stop users'])
})

test('given many parts that hang, when all are stopped, then their deadlines add up to no more than the whole, and each was asked', async () => {
  const { lifecycle, happened, lines, part } = start({ partMs: 50, totalMs: 200 })
  const never = new Promise<void>(() => undefined)
  const names = Array.from({ length: 12 }, (_, index) => `part ${index}`)
  for (const name of names) await lifecycle.start(() => part(name, () => never))
  await lifecycle.stop()
  expect(happened.slice(12)).toEqual(names.toReversed().map((name) => `stop ${name}`))
  const deadlines = lines.map((line) => JSON.parse(line).durationMs as number)
  expect(deadlines[0]).toBe(50)
  expect(Math.min(...deadlines)).toBeGreaterThanOrEqual(2)
  // A timer may fire a little late, never early.
  expect(deadlines.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(200)
})

test('given a part that needs longer than others, when it is stopped, then it gets the time it asks for', async () => {
  const { lifecycle, lines, part } = start({ partMs: 5, totalMs: 1_000 })
  const never = new Promise<void>(() => undefined)
  await lifecycle.start(() => ({ ...part('gateway', () => never), stopWithin: 20 }))
  await lifecycle.stop()
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ unit: 'gateway', durationMs: 20 }])
})
