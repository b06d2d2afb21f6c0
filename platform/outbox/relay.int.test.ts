import { expect, onTestFinished, test, vi } from 'vitest'
import { makeTestDeps } from '../../tests/subgraph.ts'
import { makeLog } from '../log.ts'
import { makeMemoryQueue } from '../queue/memory.ts'
import type { RetryPolicy } from '../queue/queue.ts'
import { type Aggregate, aggregateSchema, makeStore, type PendingEvent } from '../store.ts'
import { type Consumer, makeRelay } from './relay.ts'
import type { OutboxSource } from './source.ts'

interface Order extends Aggregate {
  readonly total: number
}

const never = 1_000_000
const twice: RetryPolicy = { attempts: 2, pause: 0, maxPause: 0 }

const fact = (type: string, n = 0) => ({ type, payload: { n } })

const start = async () => {
  const lines: string[] = []
  const log = makeLog('warn', { write: (line) => void lines.push(line) })
  const deps = await makeTestDeps('orders', { log })
  const storeOver = (collection: string) => {
    const model = deps.database.model<Order>(collection, aggregateSchema({ total: Number }), collection)
    return makeStore<Order>(model as never, 'order', deps)
  }
  const store = storeOver('orders')
  const place = (id: string, ...types: string[]) =>
    store.insert(
      { _id: id, v: 1, total: 0 },
      types.map((type) => fact(type)),
    )
  const waiting = async () =>
    (await store.outbox.pending(1_000)).map(({ aggregateId, type }) => `${aggregateId} ${type}`)
  const settled = () => vi.waitFor(async () => expect(await waiting()).toEqual([]), { timeout: 5_000, interval: 5 })

  /** A relay with a queue of its own, as each process has. */
  const run = (
    consumers: readonly Consumer[],
    options: {
      pollMs?: number
      sources?: readonly OutboxSource[]
      pause?: () => Promise<void>
      isMine?: () => boolean
    } = {},
  ) => {
    const { pollMs = never, sources = [store.outbox], pause = async () => undefined, isMine } = options
    const queue = makeMemoryQueue({ pause, retries: twice })
    const relay = makeRelay({ sources, consumers, queue, log, pollMs, isMine })
    const stop = async () => {
      await relay.stop()
      await queue.stop()
    }
    onTestFinished(stop)
    return { relay, queue, stop }
  }
  return { store, storeOver, place, waiting, settled, run, messages: () => lines.map((line) => JSON.parse(line)) }
}

/** A consumer that writes down what it got. */
const makeListener = (
  types: readonly string[],
  name = 'mails.listen',
  act: (event: PendingEvent) => Promise<void> = async () => undefined,
) => {
  const seen: string[] = []
  const handle = async (event: PendingEvent) => {
    seen.push(`${event.aggregateId} ${event.type}`)
    await act(event)
  }
  return { seen, consumer: { name, on: Object.fromEntries(types.map((type) => [type, handle])) } satisfies Consumer }
}

test('given a fact, when it is committed, then the consumer gets it with its payload, and it leaves the document (I16, I19)', async () => {
  const { store, settled, run } = await start()
  const got: PendingEvent[] = []
  run([{ name: 'mails.confirm', on: { OrderPlaced: async (event) => void got.push(event) } }])
  await store.insert({ _id: 'o1', v: 1, total: 5 }, [
    { type: 'OrderPlaced', payload: { total: 5, lines: [{ sku: 'A' }] } },
  ])
  await settled()
  expect(got).toEqual([
    {
      id: expect.stringMatching(/^evt_/),
      at: expect.any(Date),
      type: 'OrderPlaced',
      payload: { total: 5, lines: [{ sku: 'A' }] },
      aggregateId: 'o1',
    },
  ])
})

test('given no poll for a long time, when facts are committed one after another, then each wakes the relay (wake-up)', async () => {
  const { place, settled, run } = await start()
  const { seen, consumer } = makeListener(['OrderPlaced'])
  run([consumer], { pollMs: never })
  await settled()
  for (const id of ['o1', 'o2', 'o3']) {
    await place(id, 'OrderPlaced')
    await settled()
  }
  expect(seen).toEqual(['o1 OrderPlaced', 'o2 OrderPlaced', 'o3 OrderPlaced'])
})

test('given a fact committed while the relay works, when it is done, then that wake-up was not lost', async () => {
  const { place, settled, run } = await start()
  const { seen, consumer } = makeListener(['OrderPlaced'], 'mails.listen', async ({ aggregateId }) => {
    if (aggregateId === 'o1') await place('o2', 'OrderPlaced')
  })
  run([consumer])
  await place('o1', 'OrderPlaced')
  await settled()
  expect(seen).toEqual(['o1 OrderPlaced', 'o2 OrderPlaced'])
})

test('given facts of another process or of before the start, when the relay starts or polls, then it finds them', async () => {
  const { place, storeOver, settled, run } = await start()
  await place('o1', 'OrderPlaced')
  const { seen, consumer } = makeListener(['OrderPlaced'])
  run([consumer], { pollMs: 5 })
  await settled()
  // Another store over the same collection: its commits do not wake this relay.
  await storeOver('orders').insert({ _id: 'o2', v: 1, total: 0 }, [fact('OrderPlaced')])
  await settled()
  expect(seen).toEqual(['o1 OrderPlaced', 'o2 OrderPlaced'])
})

test('given many aggregates with facts in a row, when they are relayed, then each consumer sees each in order, once (I17)', async () => {
  const { store, settled, run } = await start()
  const seen = new Map<string, number[]>()
  const listen = (name: string, pace: (n: number) => Promise<void>): Consumer => ({
    name,
    on: {
      Step: async ({ aggregateId, payload }) => {
        const n = payload.n as number
        await pace(n)
        const key = `${name} ${aggregateId}`
        seen.set(key, [...(seen.get(key) ?? []), n])
      },
    },
  })
  const unsteady = (n: number) => (n % 3 ? Promise.resolve() : new Promise<void>((resolve) => setImmediate(resolve)))
  run([listen('a', unsteady), listen('b', async () => undefined)])
  const ids = Array.from({ length: 8 }, (_, i) => `o${i}`)
  await Promise.all(ids.map((_id) => store.insert({ _id, v: 1, total: 0 }, [fact('Step', 0)])))
  const steps = [1, 2, 3, 4, 5, 6]
  await Promise.all(
    ids.flatMap((id) =>
      steps.map((n) => store.update(id, (state) => ({ state: { ...state, total: n }, events: [fact('Step', n)] }))),
    ),
  )
  await settled()
  expect(seen.size).toBe(16)
  for (const [key, order] of seen) expect(order, key).toEqual([0, ...steps])
})

test('given more waiting documents than one batch, when the relay starts, then it brings them all without a poll', async () => {
  const { place, settled, run } = await start()
  const ids = Array.from({ length: 230 }, (_, i) => `o${i}`)
  await Promise.all(ids.map((id) => place(id, 'OrderPlaced')))
  const { seen, consumer } = makeListener(['OrderPlaced'])
  run([consumer])
  await settled()
  expect(new Set(seen).size).toBe(230)
  expect(seen).toHaveLength(230)
})

test('given two consumers and a fact nobody wants, when they are relayed, then each gets its own and all leave (I19)', async () => {
  const { place, settled, run } = await start()
  const [mails, stock] = [
    makeListener(['OrderPlaced'], 'mails'),
    makeListener(['OrderPlaced', 'OrderCanceled'], 'stock'),
  ]
  run([mails.consumer, stock.consumer])
  await place('o1', 'OrderPlaced', 'Nothing', 'toString', 'OrderCanceled')
  await settled()
  expect(mails.seen).toEqual(['o1 OrderPlaced'])
  expect(stock.seen).toEqual(['o1 OrderPlaced', 'o1 OrderCanceled'])
})

test('given a crash between delivery and mark, when the relay comes again, then the fact is delivered again, in order (I16, I17)', async () => {
  const { store, place, settled, run } = await start()
  const crashing = { times: 2 }
  const source: OutboxSource = {
    ...store.outbox,
    done: async (events) => {
      if (crashing.times-- > 0) throw new Error('crashed before the mark')
      await store.outbox.done(events)
    },
  }
  const { seen, consumer } = makeListener(['OrderPlaced', 'OrderPaid'])
  run([consumer], { sources: [source], pollMs: 5 })
  await place('o1', 'OrderPlaced', 'OrderPaid')
  await settled()
  expect(seen).toEqual(['o1 OrderPlaced', 'o1 OrderPlaced', 'o1 OrderPlaced', 'o1 OrderPaid'])
})

test('given a process that hangs at work, when another takes over, then the fact arrives there (I16)', async () => {
  const { place, settled, run, waiting } = await start()
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const hanging = makeListener(['OrderPlaced'], 'mails', () => {
    begun.resolve()
    return gate.promise
  })
  run([hanging.consumer])
  onTestFinished(() => gate.resolve())
  await place('o1', 'OrderPlaced')
  await begun.promise
  expect(await waiting()).toEqual(['o1 OrderPlaced'])
  const heir = makeListener(['OrderPlaced'], 'mails')
  run([heir.consumer])
  await settled()
  expect(heir.seen).toEqual(['o1 OrderPlaced'])
})

test('given a fact that fails at first, when it is tried again, then its followers still come after it (I17)', async () => {
  const { place, settled, run, messages } = await start()
  const failing = { once: true }
  const { seen, consumer } = makeListener(['OrderPlaced', 'OrderPaid'], 'mails', async ({ type }) => {
    if (type !== 'OrderPlaced' || !failing.once) return
    failing.once = false
    throw new Error('not yet')
  })
  run([consumer])
  await place('o1', 'OrderPlaced', 'OrderPaid')
  await settled()
  expect(seen).toEqual(['o1 OrderPlaced', 'o1 OrderPlaced', 'o1 OrderPaid'])
  expect(messages()).toEqual([])
})

test('given facts written together that no consumer shares, then they go at once and leave with one mark; shared ones in turn (I17)', async () => {
  const { store, place, settled, run } = await start()
  const marks: string[][] = []
  const source: OutboxSource = {
    ...store.outbox,
    done: async (events) => {
      marks.push(events.map(({ type }) => type))
      await store.outbox.done(events)
    },
  }
  const [mails, audit] = [makeListener(['OrderPlaced', 'OrderPaid'], 'mails'), makeListener(['ACT'], 'audit')]
  run([mails.consumer, audit.consumer], { sources: [source] })
  await place('o1', 'OrderPlaced', 'ACT', 'OrderPaid')
  await settled()
  expect(marks).toEqual([['OrderPlaced', 'ACT'], ['OrderPaid']])
  expect([...mails.seen, ...audit.seen]).toEqual(['o1 OrderPlaced', 'o1 OrderPaid', 'o1 ACT'])
})

test('given facts committed in this process one after another, then the relay need not look for them; those of before go first (I17)', async () => {
  const { store, storeOver, place, settled, run } = await start()
  const looks = { count: 0 }
  const source: OutboxSource = {
    ...store.outbox,
    pending: (limit) => {
      looks.count += 1
      return store.outbox.pending(limit)
    },
  }
  const { seen, consumer } = makeListener(['OrderPlaced', 'OrderPaid', 'OrderSent'])
  run([consumer], { sources: [source] })
  for (const id of ['o0', 'o1']) {
    await place(id, 'OrderPlaced')
    await settled()
  }
  const before = looks.count
  // Another process wrote a fact of this document that nobody here has heard of.
  await storeOver('orders').update('o1', (state) => ({ state: { ...state, total: 1 }, events: [fact('OrderPaid')] }))
  await store.update('o1', (state) => ({ state: { ...state, total: 2 }, events: [fact('OrderSent')] }))
  await settled()
  expect(seen).toEqual(['o0 OrderPlaced', 'o1 OrderPlaced', 'o1 OrderPaid', 'o1 OrderSent'])
  expect(looks.count).toBe(before)
})

test('given a poison fact, when all attempts fail, then it stays with its reason, is logged, and its followers pass (F11)', async () => {
  const { store, place, settled, run, messages } = await start()
  const { seen, consumer } = makeListener(['Poison', 'OrderPaid'], 'mails', async ({ type }) => {
    if (type === 'Poison') throw new Error('cannot be read')
  })
  const { stop } = run([consumer])
  await place('o1', 'Poison', 'OrderPaid')
  await place('o2', 'OrderPaid')
  await settled()
  expect(seen.toSorted()).toEqual(['o1 OrderPaid', 'o1 Poison', 'o1 Poison', 'o2 OrderPaid'])
  expect(messages()).toMatchObject([
    { msg: 'an event was given up', event: 'Poison', reason: 'cannot be read', collection: 'orders' },
  ])
  await stop()
  const again = makeListener(['Poison', 'OrderPaid'])
  run([again.consumer])
  await place('o3', 'OrderPaid')
  await settled()
  expect(again.seen).toEqual(['o3 OrderPaid'])
  expect(await store.get('o1')).toMatchObject({ v: 1 })
})

test('given a source that is away, when it is back, then facts go on, and another source never waited for it', async () => {
  const { store, storeOver, place, settled, run, messages } = await start()
  const away = { times: 3 }
  const flaky: OutboxSource = {
    ...storeOver('payments').outbox,
    pending: async () => {
      if (away.times-- > 0) throw new Error('the database is away')
      return []
    },
  }
  const { seen, consumer } = makeListener(['OrderPlaced'])
  run([consumer], { sources: [flaky, store.outbox], pollMs: 5 })
  await place('o1', 'OrderPlaced')
  await settled()
  expect(seen).toEqual(['o1 OrderPlaced'])
  await vi.waitFor(() => expect(away.times).toBeLessThan(0), { timeout: 10_000, interval: 5 })
  expect(messages()).toMatchObject(Array(3).fill({ msg: 'the relay will try again' }))
})

test('given work in hand and more that waits, when the relay stops, then the first is finished, the rest stays for the next start', async () => {
  const { place, run, settled, waiting } = await start()
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const slow = makeListener(['OrderPlaced'], 'mails', async () => {
    begun.resolve()
    await gate.promise
  })
  for (const id of ['o1', 'o2', 'o3']) await place(id, 'OrderPlaced')
  const { stop } = run([slow.consumer])
  await begun.promise
  const stopping = stop()
  gate.resolve()
  await stopping
  expect(slow.seen).toHaveLength(1)
  expect(await waiting()).not.toContain(slow.seen[0])
  expect(await waiting()).toHaveLength(2)
  const next = makeListener(['OrderPlaced'], 'mails')
  run([next.consumer])
  await settled()
  expect([...slow.seen, ...next.seen].toSorted()).toEqual(['o1 OrderPlaced', 'o2 OrderPlaced', 'o3 OrderPlaced'])
})

test('given a fact between two attempts, when the process stops, then it is not given up but tried again after the start (I16)', async () => {
  const { place, run, settled, waiting, messages } = await start()
  const paused = Promise.withResolvers<void>()
  const failing = makeListener(['OrderPlaced'], 'mails', () => Promise.reject(new Error('provider is away')))
  const pause = () => {
    paused.resolve()
    return new Promise<void>(() => undefined)
  }
  const { relay, queue } = run([failing.consumer], { pause })
  await place('o1', 'OrderPlaced')
  await paused.promise
  await Promise.all([queue.stop(), relay.stop()])
  expect(await waiting()).toEqual(['o1 OrderPlaced'])
  expect(messages()).toEqual([])
  const next = makeListener(['OrderPlaced'], 'mails')
  run([next.consumer])
  await settled()
  expect(next.seen).toEqual(['o1 OrderPlaced'])
})

test('given a fact whose consumer is between two attempts, when facts of others are committed, then they do not wait for it (F11)', async () => {
  const { place, waiting, run } = await start()
  const gate = Promise.withResolvers<void>()
  const refused = Promise.withResolvers<void>()
  const failing = makeListener(['OrderPlaced'], 'mails.confirm', async ({ aggregateId }) => {
    if (aggregateId !== 'o1') return
    refused.resolve()
    throw new Error('not yet')
  })
  run([failing.consumer], { pause: () => gate.promise })
  onTestFinished(gate.resolve as () => void)
  await place('o1', 'OrderPlaced')
  await refused.promise
  await place('o2', 'OrderPlaced')
  await vi.waitFor(async () => expect(await waiting()).toEqual(['o1 OrderPlaced']), { timeout: 5_000, interval: 5 })
  expect(failing.seen).toEqual(['o1 OrderPlaced', 'o2 OrderPlaced'])
})

test('given two relays and one lease, when it changes hands in the middle, then every fact comes once and in order (I16, I17)', async () => {
  const { place, settled, run } = await start()
  let holder = 'one'
  const seen: string[] = []
  const listen = (name: string) =>
    makeListener(['A', 'B', 'C'], 'mails', async ({ aggregateId, type }) => {
      seen.push(`${name} ${aggregateId} ${type}`)
      if (type === 'B') holder = 'two'
    }).consumer
  run([listen('one')], { pollMs: 5, isMine: () => holder === 'one' })
  run([listen('two')], { pollMs: 5, isMine: () => holder === 'two' })
  await place('o1', 'A', 'B', 'C')
  await settled()
  expect(seen).toEqual(['one o1 A', 'one o1 B', 'two o1 C'])
})
