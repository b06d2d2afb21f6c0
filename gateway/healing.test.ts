import type { ExecutionResult } from 'graphql'
import { GraphQLError } from 'graphql'
import { expect, onTestFinished, test, vi } from 'vitest'
import { maxAttempts, openHealing } from './healing.ts'

type Stream = AsyncIterable<ExecutionResult>

const away: ExecutionResult = {
  errors: [new GraphQLError('away', { extensions: { code: 'UNAVAILABLE', retryable: true } })],
}
const refused: ExecutionResult = { errors: [new GraphQLError('no', { extensions: { code: 'NOT_FOUND' } })] }
const event = (seq: number): ExecutionResult => ({ data: { renamed: { state: `s${seq}` } }, extensions: { seq } })
const told = (seq: number): ExecutionResult => ({ data: { renamed: { state: `s${seq}` } } })

type End = 'throws' | 'away' | 'ends' | 'silent'

/** Gives the events, then ends as told. Counts who left it. */
const script = (events: readonly ExecutionResult[], end: End) => {
  let at = 0
  const left = vi.fn()
  const silence = Promise.withResolvers<IteratorResult<ExecutionResult>>()
  const finish = (): Promise<IteratorResult<ExecutionResult>> => {
    if (end === 'throws') return Promise.reject(new Error('socket closed'))
    if (end === 'silent') return silence.promise
    return Promise.resolve(end === 'away' ? { done: false, value: away } : { done: true, value: undefined })
  }
  const stream: Stream = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const value = events[at++]
        return value ? { done: false, value } : finish()
      },
      return: async () => {
        left()
        silence.resolve({ done: true, value: undefined })
        return { done: true, value: undefined }
      },
    }),
  }
  return { stream, left }
}

/** Opens a healing stream over what `opened` gives at each attempt; the last is given again and again. */
const start = async (opened: readonly (Stream | ExecutionResult)[], pauseOf = () => 0, firstWithin = 60_000) => {
  const calls: (number | null)[] = []
  const losses: number[] = []
  const open = async (after: number | null) => {
    calls.push(after)
    return opened[Math.min(calls.length, opened.length) - 1]!
  }
  const result = await openHealing({ open, onLoss: (attempt) => losses.push(attempt), pauseOf, firstWithin })
  const items = Symbol.asyncIterator in result ? result[Symbol.asyncIterator]() : null
  onTestFinished(async () => void (await items?.return?.()))
  const take = async (count: number) => {
    const values: (ExecutionResult | undefined)[] = []
    while (values.length < count) values.push((await items!.next()).value)
    return values
  }
  return { result, items: items!, take, calls, losses }
}

test.each<End>(['throws', 'away', 'ends'])(
  'given a source that %s, when it is lost, then it is opened again after the last number, and the client sees no gap (R15, L5)',
  async (end) => {
    const { take, calls } = await start([
      script([event(1), event(2)], end).stream,
      script([event(3)], end).stream,
      script([event(4)], 'silent').stream,
    ])
    expect(await take(4)).toEqual([1, 2, 3, 4].map(told))
    expect(calls).toEqual([null, 2, 3])
  },
)

test('given an event that its subgraph could not read, then it is asked for again and not passed over', async () => {
  const unread = { ...away, data: null, extensions: { seq: 2 } }
  const { take, calls } = await start([
    script([event(1), unread], 'silent').stream,
    script([event(2)], 'silent').stream,
  ])
  expect(await take(2)).toEqual([told(1), told(2)])
  expect(calls).toEqual([null, 1])
})

test('given an event with a fault of its own, then the client is told, and the stream goes on', async () => {
  const fault = { data: null, errors: [new GraphQLError('masked', { extensions: { code: 'INTERNAL_SERVER_ERROR' } })] }
  const { take } = await start([script([{ ...fault, extensions: { seq: 1 } }, event(2)], 'silent').stream])
  expect(await take(2)).toEqual([fault, told(2)])
})

test('given a stream without numbers, when it is lost, then it begins anew; when it ends, then it has ended', async () => {
  const state: ExecutionResult = { data: { stockChanged: { seq: 9 } } }
  const { items, take, calls } = await start([script([state], 'throws').stream, script([state], 'ends').stream])
  expect(await take(2)).toEqual([state, state])
  expect(calls).toEqual([null, null])
  expect(await items.next()).toEqual({ done: true, value: undefined })
})

test('given a source that does not come back, then the attempts are bounded and the client gets a typed error, once', async () => {
  const { items, take, calls } = await start([script([event(7)], 'throws').stream, away])
  const [, last] = await take(2)
  expect(last?.errors?.[0]?.extensions).toEqual({ code: 'UNAVAILABLE', retryable: true })
  expect(calls).toEqual([null, ...Array(maxAttempts).fill(7)])
  expect(await items.next()).toEqual({ done: true, value: undefined })
})

test('given a source that is away before it has told anything, then the client is told so and does not wait for all attempts', async () => {
  const { take, calls } = await start([script([], 'throws').stream], () => 60_000, 20)
  const [told] = await take(1)
  expect(told?.errors?.[0]?.extensions).toEqual({ code: 'UNAVAILABLE', retryable: true })
  expect(calls.length).toBeLessThan(maxAttempts)
})

test('given events between the losses, then the attempts are counted anew', async () => {
  const flaky = Array.from({ length: 3 * maxAttempts }, (_, n) => script([event(n + 1)], 'throws').stream)
  const { take, losses } = await start(flaky)
  expect((await take(3 * maxAttempts)).at(-1)).toEqual(told(3 * maxAttempts))
  expect(Math.max(...losses)).toBe(0)
})

test.each([
  ['as an answer', refused],
  ['within its stream', script([refused], 'ends').stream],
] as const)(
  'given a refusal %s when it is opened again, then the client gets it and the stream is over',
  async (_, no) => {
    const { items, take, calls } = await start([script([event(1)], 'throws').stream, no])
    expect((await take(2))[1]?.errors?.[0]?.extensions?.code).toBe('NOT_FOUND')
    expect(await items.next()).toEqual({ done: true, value: undefined })
    expect(calls).toEqual([null, 1])
  },
)

test('given a refusal at the first opening, then it is the answer', async () => {
  expect((await start([refused])).result).toBe(refused)
})

test('given a silent source, when the subscriber leaves, then its source is left at once (leak)', async () => {
  const { stream, left } = script([], 'silent')
  const { items } = await start([stream])
  const waiting = items.next()
  await items.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })
  expect(left).toHaveBeenCalledTimes(1)
})

test('given a pause before the next attempt, when the subscriber leaves, then there is no attempt and no timer (leak)', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { items, calls } = await start([script([], 'throws').stream], () => 60_000)
  const waiting = items.next()
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1))
  await items.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })
  expect(vi.getTimerCount()).toBe(0)
  expect(calls).toEqual([null])
})

test('given a subscriber that leaves while the source is being opened, then the source is left as soon as it is there (leak)', async () => {
  const gate = Promise.withResolvers<void>()
  const late = script([event(2)], 'silent')
  const reopening = Promise.withResolvers<void>()
  const streams = [script([event(1)], 'throws').stream]
  const result = (await openHealing({
    open: async () => {
      const first = streams.shift()
      if (first) return first
      reopening.resolve()
      await gate.promise
      return late.stream
    },
    onLoss: () => undefined,
    pauseOf: () => 0,
  })) as Stream
  const items = result[Symbol.asyncIterator]()
  await items.next()
  const waiting = items.next()
  await reopening.promise
  await items.return?.()
  gate.resolve()
  expect(await waiting).toEqual({ done: true, value: undefined })
  expect(late.left).toHaveBeenCalledTimes(1)
})
