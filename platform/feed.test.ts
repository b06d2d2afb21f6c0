import { expect, onTestFinished, test, vi } from 'vitest'
import type { Bus } from './bus/bus.ts'
import { makeMemoryBus } from './bus/memory.ts'
import { causedBy } from './cause.ts'
import { type FeedItem, type FeedOptions, listenTo, makeFeed, readAfter } from './feed.ts'
import { makeLog } from './log.ts'
import { makeSharedPoll } from './sharedPoll.ts'

/** A bus that knows how many listen. */
const makeCountingBus = (): Bus & { listeners: () => number } => {
  const bus = makeMemoryBus()
  let listeners = 0
  return {
    ...bus,
    listeners: () => listeners,
    subscribe: (topic, listener) => {
      const leave = bus.subscribe(topic, listener)
      listeners += 1
      return () => {
        listeners -= 1
        leave()
      }
    },
  }
}

const never = 1_000_000

/** An aggregate that remembers its changes, and feeds over it. */
const makeSource = (pollMs = never) => {
  const bus = makeCountingBus()
  const changes: { readonly seq: number; readonly reason: string }[] = [{ seq: 1, reason: 'created' }]
  const reads: (number | null)[] = []
  const lines: string[] = []
  const failing = { times: 0 }
  const read = async (after: number | null) => {
    reads.push(after)
    if (failing.times-- > 0) throw new Error('the database is away')
    return after === null ? changes.slice(-1) : changes.filter(({ seq }) => seq > after)
  }
  const change = (reason: string, announce = true) => {
    changes.push({ seq: changes.length + 1, reason })
    if (announce) bus.publish('cart:1')
  }
  const log = makeLog('warn', { write: (line) => void lines.push(line) })
  const poll = makeSharedPoll({ everyMs: pollMs, read: async () => new Map([['1', changes.length]]), log })
  const listen = listenTo(bus, 'cart:1', { poll, id: '1' })
  const open = (after: number | null = null, options: Partial<FeedOptions<FeedItem>> = {}) => {
    const feed = makeFeed({ listen, after, read, log, ...options })
    onTestFinished(() => void feed.return?.())
    const take = async (count: number) => {
      const seqs: number[] = []
      while (seqs.length < count) seqs.push((await feed.next()).value!.seq)
      return seqs
    }
    return { feed, take }
  }
  return { bus, changes, reads, lines, failing, read, change, open, listen }
}

test('given a subscriber without a number, when it listens, then the present state comes first and each change after it (R15)', async () => {
  const { open, change } = makeSource()
  change('priced', false)
  const { feed, take } = open()
  expect(await feed.next()).toEqual({ done: false, value: { seq: 2, reason: 'priced' } })
  change('added')
  expect(await take(1)).toEqual([3])
  change('added')
  change('removed')
  expect(await take(2)).toEqual([4, 5])
})

test('given a subscriber that was away, when it comes back with its number, then it gets what it missed, in order (R15)', async () => {
  const { open, change } = makeSource()
  for (const reason of ['a', 'b', 'c']) change(reason, false)
  expect(await open(2).take(2)).toEqual([3, 4])
})

test('given a change during each read, when the subscriber goes on, then nothing is missing and nothing comes twice (R15)', async () => {
  const { listen, changes, read, change } = makeSource()
  const racing = async (after: number | null) => {
    const items = await read(after)
    if (changes.length < 50) change('meanwhile')
    return items
  }
  const feed = makeFeed({ listen, after: null, read: racing, log: makeLog('silent') })
  const seqs: number[] = []
  while (seqs.length < 50) seqs.push((await feed.next()).value.seq)
  expect(seqs).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
  await feed.return?.()
})

test('given a change announced during a read that did not see it yet, when the read ends, then the store is asked again (R15)', async () => {
  const { bus, listen } = makeSource()
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const answers = [[], [{ seq: 2 }]]
  const read = async () => {
    begun.resolve()
    await gate.promise
    return answers.shift() ?? []
  }
  const feed = makeFeed({ listen, after: 1, read, log: makeLog('silent') })
  onTestFinished(() => void feed.return?.())
  const next = feed.next()
  await begun.promise
  const heard = new Promise<void>((resolve) => bus.subscribe('cart:1', resolve))
  bus.publish('cart:1')
  await heard
  gate.resolve()
  expect(await next).toEqual({ done: false, value: { seq: 2 } })
})

test('given a change by another process, when nobody announces it, then the poll finds it (R12)', async () => {
  const { open, change } = makeSource(2)
  const { take } = open(1)
  const next = take(1)
  change('elsewhere', false)
  expect(await next).toEqual([2])
})

test('given a silent source, when the subscriber leaves, then the waiting next ends at once and nobody listens any more', async () => {
  const { open, bus } = makeSource()
  const { feed } = open(1)
  const waiting = [feed.next(), feed.next()]
  expect(bus.listeners()).toBe(1)
  expect(await feed.return?.()).toEqual({ done: true, value: undefined })
  expect(await Promise.all(waiting)).toEqual(Array(2).fill({ done: true, value: undefined }))
  expect(bus.listeners()).toBe(0)
  await feed.return?.()
  expect(bus.listeners()).toBe(0)
})

test('given a subscriber that leaves, when its timers are counted, then there is none (leak)', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { open } = makeSource(1_000)
  const { feed } = open()
  expect(vi.getTimerCount()).toBe(1)
  await feed.return?.()
  expect(vi.getTimerCount()).toBe(0)
})

test('given 100 subscribers that leave in any way, when they are gone, then no listener and no read is left (leak)', async () => {
  const { open, bus, reads, change } = makeSource(1)
  const feeds = Array.from({ length: 100 }, () => open(1).feed)
  const waiting = feeds.map((feed) => feed.next())
  await Promise.all(
    feeds.map((feed, i) => (i % 2 ? feed.return?.() : feed.throw?.(new Error('gone')).catch(() => undefined))),
  )
  await Promise.all(waiting)
  expect(bus.listeners()).toBe(0)
  const before = reads.length
  change('nobody hears')
  await open(1).take(1)
  expect(reads.length - before).toBeLessThan(20)
})

test('given items that were read but not taken, when the subscriber leaves, then they are gone', async () => {
  const { open, change } = makeSource()
  change('a', false)
  change('b', false)
  const { feed, take } = open(1)
  await take(1)
  await feed.return?.()
  expect(await feed.next()).toEqual({ done: true, value: undefined })
})

test('given a read in flight, when the subscriber leaves, then what it brings is dropped', async () => {
  const { open } = makeSource()
  const slow = Promise.withResolvers<{ seq: number }[]>()
  const { feed } = open(null, { read: () => slow.promise })
  const waiting = feed.next()
  await feed.return?.()
  slow.resolve([{ seq: 1 }])
  expect(await waiting).toEqual({ done: true, value: undefined })
  expect(await feed.next()).toEqual({ done: true, value: undefined })
})

test('given a slow subscriber, when 1,000 changes come, then the store is not read until it is ready for more (R13)', async () => {
  const { open, reads, change } = makeSource()
  const { take } = open()
  await take(1)
  for (let i = 0; i < 1_000; i++) change('busy')
  await new Promise((resolve) => setImmediate(resolve))
  expect(reads).toEqual([null])
  expect(await take(2)).toEqual([2, 3])
  expect(reads).toEqual([null, 1])
})

test('given a read that fails, when the database is back, then the stream goes on where it was, and the log tells', async () => {
  const { open, failing, lines, change } = makeSource(2)
  const { take } = open()
  expect(await take(1)).toEqual([1])
  failing.times = 3
  const next = take(1)
  change('while away')
  expect(await next).toEqual([2])
  expect(lines.map((line) => JSON.parse(line))).toMatchObject(
    Array(3).fill({ msg: 'a feed will read again', cause: 'Error: the database is away' }),
  )
})

test('given a change by the request of somebody else, when reading it fails, then the line names the request that has subscribed', async () => {
  const { open, failing, lines, change } = makeSource()
  const { take } = causedBy({ requestId: 'req_subscribed' }, open)
  await take(1)
  const next = take(1)
  failing.times = 1
  causedBy({ requestId: 'req_other' }, () => change('while away'))
  await expect.poll(() => lines).toHaveLength(1)
  expect(lines.map((line) => JSON.parse(line).requestId)).toEqual(['req_subscribed'])
  change('back')
  expect(await next).toEqual([2])
})

test('given a for-await loop, when it is left, then the feed is closed', async () => {
  const { open, bus } = makeSource()
  for await (const item of open().feed) {
    expect(item.seq).toBe(1)
    break
  }
  await expect.poll(() => bus.listeners()).toBe(0)
})

test('given a quiet subscriber, when the poll finds its own number, then the store is not read (R15)', async () => {
  const { open, reads, listen } = makeSource(2)
  const { feed, take } = open(null)
  await take(1)
  const quiet = feed.next()
  const rounds = Promise.withResolvers<void>()
  let heard = 0
  onTestFinished(
    listen((seq) => {
      if (seq === 1 && ++heard === 5) rounds.resolve()
    }),
  )
  await rounds.promise
  expect(reads).toEqual([null])
  await feed.return?.()
  await quiet
})

test('given a feed that rests, when much changes after it told something, then it is told as one read', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { open, reads, change } = makeSource()
  const { take } = open(null, { restMs: 20 })
  await take(1)
  const next = take(3)
  for (const reason of ['a', 'b', 'c']) {
    change(reason)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(reads).toEqual([null])
  vi.advanceTimersByTime(20)
  expect(await next).toEqual([2, 3, 4])
  expect(reads).toEqual([null, 1])
})

test('given a number below zero, then it is refused, and none stays none', () => {
  expect([readAfter(undefined), readAfter(null), readAfter(0), readAfter(7)]).toEqual([null, null, 0, 7])
  expect(() => readAfter(-1)).toThrow('not negative')
})
