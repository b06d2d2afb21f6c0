import { expect, onTestFinished, test, vi } from 'vitest'
import { presentCause } from '#platform/cause.ts'
import { makeLeases } from '#platform/leases/leases.ts'
import { makeLeaseModel, readLeases } from '#platform/leases/mongo.ts'
import { makeLog } from '#platform/log.ts'
import { systemClock } from '../platform/kernel/time.ts'
import { subgraphs } from '../subgraphs/index.ts'
import { makeTestDeps } from '../tests/subgraph.ts'
import { startJobs } from './jobs.ts'
import { timetable } from './timetable.ts'

const job = 'payments.settleOpenCalls'
const soon = { timeout: 10_000, interval: 10 }

const start = async () => {
  const deps = await makeTestDeps('orders')
  const model = makeLeaseModel(deps.database)
  const join = async (holder: string, run: () => Promise<void>) => {
    const leases = makeLeases({ store: model.store, holder, isGone: () => false, log: makeLog('silent'), everyMs: 50 })
    const jobs = startJobs({ ...deps, jobs: [{ name: job, run }], leases, note: model.note })
    onTestFinished(leases.stop)
    await leases.go()
    const stop = async () => {
      await jobs.stop()
      await leases.stop()
    }
    return { stop, leases }
  }
  return { database: deps.database, model, join }
}

test('given two processes, then one runs the job; when that one stops, the other one does, and how it went is written down', async () => {
  const { database, join } = await start()
  const ran: string[] = []
  const requests: unknown[] = []
  const one = await join('one', async () => {
    ran.push('one')
    requests.push(presentCause()?.requestId)
  })
  await join('two', async () => {
    ran.push('two')
    throw new Error('provider is away')
  })
  await vi.waitFor(() => expect(requests).not.toEqual([]), soon)
  for (const id of requests) expect(id).toMatch(/^req_/)
  expect(ran).not.toContain('two')
  await one.stop()
  const before = ran.length
  await vi.waitFor(() => expect(ran).toContain('two'), soon)
  expect(ran.slice(before)).not.toContain('one')
  const reason = 'provider is away'
  await vi.waitFor(
    async () =>
      expect(await readLeases(database)).toMatchObject([{ _id: job, holder: 'two', fence: 2, lastRun: { reason } }]),
    soon,
  )
})

test('given a run that ends after its lease went to somebody else, then it writes nothing down (R8, F3)', async () => {
  const { model } = await start()
  await model.store.take(job, null, 'one')
  const [row] = await model.store.all()
  await model.store.take(job, row!, 'two')
  expect(await model.note(job, 1, { at: 1, tookMs: 1, reason: null })).toBe(false)
  expect(await model.note(job, 2, { at: 2, tookMs: 1, reason: null })).toBe(true)
})

test('given a row that was seen, when it has changed since, then it is not taken; of many takers one wins', async () => {
  const { model } = await start()
  const takers = ['a', 'b', 'c', 'd']
  const first = await Promise.all(takers.map((holder) => model.store.take(job, null, holder)))
  expect(first.filter(Boolean)).toHaveLength(1)
  const [row] = await model.store.all()
  await model.store.beat(row!.holder!)
  expect(await model.store.take(job, row!, 'late')).toBe(false)
  const [now] = await model.store.all()
  const second = await Promise.all(takers.map((holder) => model.store.take(job, now!, holder)))
  expect(second.filter(Boolean)).toHaveLength(1)
  expect((await model.store.all())[0]).toMatchObject({ fence: 2 })
})

test('given a job without a line in the timetable, then the workers do not start', () => {
  const deps = { leases: { want: () => undefined, get: () => null }, note: async () => true, clock: systemClock }
  const jobs = [{ name: 'carts.polish', run: async () => undefined }]
  const ids = { next: () => '' }
  expect(() => startJobs({ jobs, ...deps, ids, log: makeLog('silent') })).toThrow('no line for the job carts.polish')
})

test('given the timetable, then each line is that of a subgraph, or of the mails', () => {
  const names = Object.keys(timetable).map((name) => name.split('.')[0])
  const known = [...Object.keys(subgraphs), 'mails', 'workers']
  for (const name of names) expect(known).toContain(name)
})
