import { expect, onTestFinished, test } from 'vitest'
import { makeManualClock, minutes, seconds } from '#kernel/time.ts'
import { watchClocksApart } from './clocksApart.ts'
import { makeLog } from './log.ts'
import { registry } from './metrics/kinds.ts'

const start = () => {
  const lines: { msg: string; durationMs: number }[] = []
  const log = makeLog('warn', { write: (line) => void lines.push(JSON.parse(line)) })
  const steady = makeManualClock()
  const watch = watchClocksApart({ subgraph: 'pricing', log, steady })
  onTestFinished(watch.stop)
  const shown = async () =>
    Number(/emporion_clocks_apart_seconds\{subgraph="pricing"\} (\S+)/.exec(await registry.metrics())?.[1])
  return { lines, steady, watch, shown }
}

test('given calls of callers whose clocks differ, then the metric has the most of the last minute or two (F14)', async () => {
  const { watch, steady, shown } = start()
  expect(await shown()).toBe(0)
  for (const ms of [seconds(2), -seconds(12), seconds(1)]) watch.note(ms)
  expect(await shown()).toBe(12)
  steady.advance(minutes(1) + 1)
  watch.note(seconds(3))
  expect(await shown()).toBe(12)
  steady.advance(minutes(1) + 1)
  expect(await shown()).toBe(3)
  steady.advance(minutes(5))
  expect(await shown()).toBe(0)
})

test('given calls that are refused for their time, then a line says so, once a minute; calls within the bound are not told (F14)', () => {
  const { watch, steady, lines } = start()
  for (const ms of [seconds(30), -seconds(30)]) watch.note(ms)
  expect(lines).toEqual([])
  for (const ms of [seconds(31), -seconds(40)]) watch.note(ms)
  expect(lines.map(({ durationMs }) => durationMs)).toEqual([31_000])
  steady.advance(minutes(1))
  watch.note(-seconds(40))
  expect(lines.map(({ durationMs }) => durationMs)).toEqual([31_000, -40_000])
})
