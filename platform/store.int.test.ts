import { Schema } from 'mongoose'
import { expect, inject, onTestFinished, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import { makeTestDeps } from '../tests/subgraph.ts'
import { makeMemoryBus } from './bus/memory.ts'
import { connectMongo, type Database, duplicateKeyFields, ensureIndexes, isDuplicateKey } from './mongo.ts'
import { type Aggregate, aggregateSchema, changeTopic, insertOnce, makeStore, type StoreDeps } from './store.ts'

interface Counter extends Aggregate {
  readonly count: number
  readonly name?: string
  readonly note?: string
  readonly lines?: readonly { readonly sku: string; readonly label?: string }[]
  readonly extra?: unknown
}

const makeCounters = (database: Database, deps: StoreDeps) => {
  const schema = aggregateSchema({
    count: Number,
    name: String,
    note: String,
    lines: { type: [{ _id: false, sku: String, label: String }], default: undefined },
    extra: Schema.Types.Mixed,
  })
  schema.index({ name: 1 }, { unique: true, partialFilterExpression: { name: { $exists: true } } })
  const model = database.model<Counter>('Counter', schema, 'counters')
  return { model, store: makeStore<Counter>(model as never, 'counter', deps) }
}

const start = async () => {
  const clock = makeManualClock()
  const deps = await makeTestDeps('cart', { clock })
  const { model, store } = makeCounters(deps.database, deps)
  await ensureIndexes([model as never])
  const raw = () => deps.database.collection('counters').find().toArray()
  /** The same collection as another process sees it: own connection, own queue of writers, own bus. */
  const otherProcess = async () => {
    const mongo = await connectMongo({ url: inject('mongoUrl'), prefix: deps.config.databasePrefix })
    onTestFinished(mongo.stop)
    return makeCounters(mongo.database('cart'), { ...deps, bus: makeMemoryBus() }).store
  }
  deps.operations.length = 0
  return { clock, deps, store, raw, otherProcess }
}

const one: Counter = { _id: 'c1', v: 1, count: 0 }
const increment = (state: Counter) => ({ state: { ...state, count: state.count + 1 } })

test('given a document, when it is inserted, read and changed, then its version rises by one each time', async () => {
  const { store } = await start()
  expect(await store.get('c1')).toBeNull()
  expect(await store.insert(one)).toEqual(one)
  expect(await store.get('c1')).toEqual(one)
  expect(await store.update('c1', increment)).toEqual({ _id: 'c1', v: 2, count: 1 })
  expect(await store.get('c1')).toEqual({ _id: 'c1', v: 2, count: 1 })
})

test('given a change with facts, when it is saved, then state and facts are in the same document by one write', async () => {
  const { store, deps, raw, clock } = await start()
  await store.insert(one, [{ type: 'CounterOpened', payload: { by: 'usr_1' } }])
  clock.advance(5)
  const events = [1, 2].map((n) => ({ type: 'Counted', payload: { n } }))
  await store.update('c1', (state) => ({ ...increment(state), events }))
  expect(deps.operations).toEqual(['insert', 'find', 'findAndModify'])
  const [document] = await raw()
  const at = new Date(clock.now())
  expect(document).toMatchObject({ v: 2, count: 1 })
  expect(document?.outbox).toMatchObject([
    { type: 'CounterOpened', payload: { by: 'usr_1' }, at: new Date(clock.now() - 5) },
    { type: 'Counted', payload: { n: 1 }, at },
    { type: 'Counted', payload: { n: 2 }, at },
  ])
  expect(new Set(document?.outbox.map(({ id }: { id: string }) => id)).size).toBe(3)
  expect(await store.get('c1')).not.toHaveProperty('outbox')
})

test('given a change that is refused, when the domain throws, then neither state nor facts are written', async () => {
  const { store, deps, raw } = await start()
  await store.insert(one)
  deps.operations.length = 0
  const refuse = () => {
    throw new RangeError('no')
  }
  await expect(store.update('c1', refuse)).rejects.toThrow(RangeError)
  expect(await store.update('c1', () => null)).toEqual(one)
  expect(deps.operations).toEqual(['find', 'find'])
  expect(await raw()).toMatchObject([{ v: 1, outbox: [] }])
})

test('given no such document, when it is changed, then it is NOT_FOUND and names the thing', async () => {
  const { store } = await start()
  await expect(store.update('c9', increment)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'There is no such counter.',
  })
})

test('given two processes, when each adds 50 in parallel, then all 100 count and every version was taken once', async () => {
  const { store, otherProcess } = await start()
  await store.insert(one)
  const stores = [store, await otherProcess()]
  const saved = await Promise.all(
    stores.flatMap((own) => Array.from({ length: 50 }, () => own.update('c1', increment))),
  )
  expect(await store.get('c1')).toEqual({ _id: 'c1', v: 101, count: 100 })
  expect(saved.map(({ v }) => v).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 2))
  expect(saved.every(({ v, count }) => v === count + 1)).toBe(true)
})

test('given writers of one process, when 50 come at once, then none of them has to try twice', async () => {
  const { store, deps } = await start()
  await store.insert(one)
  deps.operations.length = 0
  await Promise.all(Array.from({ length: 50 }, () => store.update('c1', increment)))
  expect(deps.operations).toEqual(Array.from({ length: 50 }, () => ['find', 'update']).flat())
})

/** The real collection, and another writer who is faster after each of the first reads. */
const outrun = (database: Database, times: number) => {
  const model = database.models.Counter!
  let left = times
  const findOne = async (...args: Parameters<typeof model.collection.findOne>) => {
    const found = await model.collection.findOne(...args)
    if (left-- > 0) await database.collection('counters').updateOne({}, { $inc: { v: 1, count: 10 } })
    return found
  }
  const collection = Object.create(model.collection, { findOne: { value: findOne } })
  return Object.create(model, { collection: { value: collection } })
}

test('given another process is faster once, when the change is decided again, then it is decided on the new state', async () => {
  const { store, deps } = await start()
  await store.insert(one)
  const slower = makeStore<Counter>(outrun(deps.database, 1), 'counter', deps)
  const seen: number[] = []
  const saved = await slower.update('c1', (state) => {
    seen.push(state.count)
    return increment(state)
  })
  expect([seen, saved]).toEqual([[0, 10], { _id: 'c1', v: 3, count: 11 }])
  expect(await store.get('c1')).toEqual(saved)
})

test('given others who are always faster, when the rounds are used up, then it is CONFLICT, retryable, and nothing is written', async () => {
  const { store, deps, raw } = await start()
  await store.insert(one)
  const rounds: number[] = []
  const slower = makeStore<Counter>(outrun(deps.database, Number.POSITIVE_INFINITY), 'counter', {
    ...deps,
    pause: async (round) => void rounds.push(round),
  })
  const losing = slower.update('c1', (state) => ({ ...increment(state), events: [{ type: 'Counted', payload: {} }] }))
  await expect(losing).rejects.toMatchObject({ code: 'CONFLICT', retryable: true })
  expect(rounds).toEqual(Array.from({ length: 25 }, (_, i) => i))
  expect(await raw()).toMatchObject([{ count: 250, outbox: [] }])
})

test('given a field that goes, when the change is saved, then it is gone from the document and others stay', async () => {
  const { store, raw } = await start()
  await store.insert({ ...one, name: 'main', note: 'old' })
  const { note: _, ...rest } = (await store.get('c1'))!
  await store.update('c1', () => ({ state: rest }))
  await store.update('c1', (state) => ({ state: { ...state, name: undefined, count: 3 } }))
  const [document] = await raw()
  expect(Object.keys(document!).toSorted()).toEqual(['_id', 'count', 'outbox', 'v'])
  expect(document).toMatchObject({ count: 3, v: 3 })
})

test('given fields that are undefined, when they are inserted or changed, then they are absent and not null', async () => {
  const { store, raw } = await start()
  const lines = [{ sku: 'A', label: undefined }]
  await store.insert({ ...one, name: undefined, lines, extra: { a: undefined, b: 1 } })
  await store.insert({ ...one, _id: 'c2', name: undefined })
  await store.update('c2', (state) => ({ state: { ...state, note: undefined, lines, extra: { a: undefined, b: 1 } } }))
  const [inserted, changed] = await raw()
  expect(inserted).toEqual({ ...one, lines: [{ sku: 'A' }], extra: { b: 1 }, outbox: [] })
  expect(changed).toEqual({ ...one, _id: 'c2', v: 2, lines: [{ sku: 'A' }], extra: { b: 1 }, outbox: [] })
})

test('given a field that the schema does not know, when it is written, then it is an error and nothing is stored', async () => {
  const { store, raw } = await start()
  const stranger = { colour: 'red' } as Partial<Counter>
  await expect(store.insert({ ...one, ...stranger })).rejects.toThrow('colour')
  expect(await raw()).toEqual([])
  await store.insert(one)
  await expect(store.update('c1', (state) => ({ state: { ...state, ...stranger } }))).rejects.toThrow('colour')
  expect(await store.get('c1')).toEqual(one)
})

test('given a unique index, when it refuses, then the fields are known, and insertOnce tells first from second', async () => {
  const { store } = await start()
  expect(await insertOnce(() => store.insert({ ...one, name: 'main' }))).toBe(true)
  expect(await insertOnce(() => store.insert({ ...one, name: 'main' }))).toBe(false)
  const error = await store.insert({ ...one, _id: 'c2', name: 'main' }).catch((thrown: unknown) => thrown)
  expect([isDuplicateKey(error), duplicateKeyFields(error)]).toEqual([true, ['name']])
  await store.insert({ ...one, _id: 'c3', name: 'other' })
  const changing = store.update('c3', (state) => ({ state: { ...state, name: 'main' } }))
  expect(isDuplicateKey(await changing.catch((thrown: unknown) => thrown))).toBe(true)
  await expect(insertOnce(() => Promise.reject(new Error('away')))).rejects.toThrow('away')
})

test('given 30 inserts of the same document at once, when they race, then exactly one is the first', async () => {
  const { store } = await start()
  const results = await Promise.all(Array.from({ length: 30 }, () => insertOnce(() => store.insert(one))))
  expect(results.filter(Boolean)).toHaveLength(1)
})

test('given listeners, when something is written, then the topic is announced each time, and the outbox only with facts', async () => {
  const { store, deps } = await start()
  const heard: string[] = []
  deps.bus.subscribe(changeTopic('counters', 'c1'), () => heard.push('changed'))
  store.outbox.onCommit(() => heard.push('fact'))
  await store.insert(one)
  await store.update('c1', () => null)
  await store.update('c1', (state) => ({ ...increment(state), events: [{ type: 'Counted', payload: {} }] }))
  await expect(store.update('c9', increment)).rejects.toThrow()
  expect(heard.toSorted()).toEqual(['changed', 'changed', 'fact'])
})

test('given facts, when they are done or buried, then they wait no more; a buried one keeps its reason', async () => {
  const { store, raw } = await start()
  await store.insert(
    one,
    ['A', 'B', 'C'].map((type) => ({ type, payload: { type } })),
  )
  const waiting = await store.outbox.pending(10)
  expect(waiting.map(({ type, aggregateId }) => [type, aggregateId])).toEqual([
    ['A', 'c1'],
    ['B', 'c1'],
    ['C', 'c1'],
  ])
  await store.outbox.done([waiting[0]!])
  await store.outbox.done([waiting[0]!])
  await store.outbox.bury(waiting[1]!, 'cannot be read')
  expect((await store.outbox.pending(10)).map(({ type }) => type)).toEqual(['C'])
  const [document] = await raw()
  expect(document?.outbox).toMatchObject([{ type: 'B', at: null, dead: 'cannot be read' }, { type: 'C' }])
  await store.outbox.done([waiting[2]!])
  expect(await store.outbox.pending(10)).toEqual([])
})

test('given an index that exists with other options, when indexes are made, then the model is named', async () => {
  const { deps } = await start()
  const changed = aggregateSchema({ name: String })
  changed.index({ name: 1 }, { unique: false })
  const model = deps.database.model('Changed', changed, 'counters')
  await expect(ensureIndexes([model as never])).rejects.toThrow(/^The indexes of Changed exist with other options/)
})
