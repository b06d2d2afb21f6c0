import { expect, test } from 'vitest'
import { makeTestDeps } from '../../tests/subgraph.ts'
import { makeManualClock } from '../kernel/time.ts'
import { type Aggregate, aggregateSchema, makeStore, type PendingEvent } from '../store.ts'
import { queueDepths } from './depths.ts'
import { deliveriesField } from './source.ts'

interface Order extends Aggregate {
  readonly total: number
}

const start = async () => {
  const deps = await makeTestDeps('orders')
  const model = deps.database.model<Order>('orders', aggregateSchema({ total: Number }), 'orders')
  const { insert, outbox } = makeStore<Order>(model as never, 'order', deps)
  const place = (id: string, ...types: string[]) =>
    insert(
      { _id: id, v: 1, total: 0 },
      types.map((type) => ({ type, payload: {} })),
    )
  const waiting = async () => (await outbox.pending(100)).map(({ aggregateId, type }) => `${aggregateId} ${type}`)
  const bury = async (...which: string[]) => {
    const events = await outbox.pending(100)
    const isMeant = ({ aggregateId, type }: PendingEvent) => which.includes(`${aggregateId} ${type}`)
    for (const event of events.filter(isMeant)) await outbox.bury(event, 'cannot be read')
    return events.filter(isMeant)
  }
  return { outbox, place, waiting, bury }
}

test('given facts that wait and one that was given up, then the outbox tells how many, and since when', async () => {
  const { outbox, place, bury } = await start()
  expect(await outbox.depth()).toEqual({ pending: 0, dead: 0, oldestAt: null })
  await place('o1', 'Placed', 'Paid')
  await place('o2', 'Placed')
  await bury('o1 Placed')
  const oldest = (await outbox.pending(100)).map(({ at }) => at.getTime()).toSorted((a, b) => a - b)[0]
  expect(await outbox.depth()).toEqual({ pending: 2, dead: 1, oldestAt: oldest })
  const later = makeManualClock(oldest! + 1_500)
  expect(await queueDepths([outbox], later)).toEqual([{ name: 'orders', pending: 2, dead: 1, lagMs: 1_500 }])
  expect(await outbox.dead(10)).toEqual([
    { id: expect.stringMatching(/^evt_/), type: 'Placed', aggregateId: 'o1', reason: 'cannot be read' },
  ])
})

test('given a fact that was given up, when it is replayed, then it goes again in its place, with its own time, once (F11, I17)', async () => {
  const { outbox, place, waiting, bury } = await start()
  await place('o1', 'Placed', 'Paid')
  const [buried] = await bury('o1 Placed')
  expect(await waiting()).toEqual(['o1 Paid'])
  let woken = 0
  outbox.onCommit(() => {
    woken += 1
  })
  const both = await Promise.all([outbox.replay(buried!.id, 10), outbox.replay(buried!.id, 10)])
  expect(both.toSorted()).toEqual([0, 1])
  expect(woken).toBe(1)
  expect(await outbox.pending(100)).toMatchObject([buried, { type: 'Paid' }])
  expect((await outbox.depth()).dead).toBe(0)
})

test('given many that were given up, when all are replayed, then no more than the bound at once; an unknown one is none (R13)', async () => {
  const { outbox, place, waiting, bury } = await start()
  for (const id of ['o1', 'o2', 'o3']) await place(id, 'Placed', 'Paid')
  await bury('o1 Placed', 'o1 Paid', 'o2 Placed', 'o3 Placed')
  expect(await outbox.replay('evt_unknown', 10)).toBe(0)
  expect(await outbox.replay(null, 3)).toBe(3)
  expect(await outbox.replay(null, 3)).toBe(1)
  expect((await waiting()).toSorted()).toEqual(['o1 Paid', 'o1 Placed', 'o2 Paid', 'o2 Placed', 'o3 Paid', 'o3 Placed'])
})

test('given two processes that delivered the same facts in other company, when each takes them out, then each fact is on record once, and in order (I16, I17)', async () => {
  const deps = await makeTestDeps('orders')
  const schema = aggregateSchema({ total: Number, delivered: deliveriesField })
  const model = deps.database.model<Order>('orders', schema, 'orders')
  const { insert, outbox } = makeStore<Order>(model as never, 'order', deps)
  const facts = [1, 2, 3].map((seq) => ({ type: `Fact${seq}`, payload: { seq } }))
  await insert({ _id: 'o1', v: 1, total: 0 }, facts)
  const waiting = await outbox.pending(100)
  const told = waiting.map((event) => ({ ...event, to: ['mails.request'] }))
  await outbox.done(told.slice(0, 2))
  await outbox.done(told.slice(1))
  await outbox.done(told)
  const [order] = await model.find({}, { delivered: 1 }).lean<{ delivered: { seq: number }[] }[]>()
  expect(order?.delivered.map(({ seq }) => seq)).toEqual([1, 2, 3])
  expect(await outbox.pending(100)).toEqual([])
})
