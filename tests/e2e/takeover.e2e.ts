import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { readLeases } from '../../platform/leases/mongo.ts'
import { connectMongo } from '../../platform/mongo.ts'
import { timetable } from '../../workers/timetable.ts'
import { watchLateness } from '../lateness.ts'
import { endProcess, quickEnv, startProcess } from '../shop.ts'
import { freshPrefix } from '../subgraph.ts'

/** The promise, from the moment at which a process falls silent. */
const takenOverWithin = 10_000

/** Two processes of workers over one database, and what is on record of who does what. */
const startWorkers = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
  const [url, prefix] = [inject('mongoUrl'), freshPrefix()]
  const env = { ...quickEnv, MONGODB_URL: url, DATABASE_PREFIX: prefix, DATA_DIR: dataDir }
  const workers = await Promise.all([startProcess(['workers'], env), startProcess(['workers'], env)])
  const mongo = await connectMongo({ url, prefix })
  onTestFinished(async () => {
    await mongo.stop()
    await Promise.all(workers.map(({ child }) => endProcess(child, 'SIGKILL')))
    await rm(dataDir, { recursive: true, force: true })
  })
  const jobs = async () => {
    const rows = await readLeases(mongo.database('workers'))
    const pidOf = (holder: string | null): number => Number(holder?.split(' ').at(-2))
    return rows
      .filter(({ _id }) => _id in timetable)
      .map(({ _id, holder, fence, lastRun }) => ({ name: _id, pid: pidOf(holder), fence, ranAt: lastRun?.at ?? 0 }))
  }
  return { children: workers.map(({ child }) => child), jobs }
}

test('given two processes of workers, when the one that has the jobs is frozen, then the other does them all within 10 s; and when that one is killed, the first, awake again, has them back, each time under a higher fence (F3, F2, R8)', {
  timeout: 60_000,
}, async () => {
  const { children, jobs } = await startWorkers()
  const names = Object.keys(timetable).toSorted()
  await expect.poll(async () => (await jobs()).map(({ name }) => name)).toEqual(names)
  const [first] = await jobs()
  const [holder, other] = children[0]!.pid === first!.pid ? children : children.toReversed()

  /** Milliseconds, those in which this machine stood still taken off, from what happens until this process has every job under a fence of its own, and the one that runs most often has run. */
  const untilDoneBy = async (heir: number | undefined, happens: () => unknown): Promise<number> => {
    const before = new Map((await jobs()).map(({ name, pid, fence }) => [name, pid === heir ? fence - 1 : fence]))
    const since = Date.now()
    const lateness = watchLateness()
    await happens()
    const areTaken = async (): Promise<boolean> =>
      (await jobs()).every(
        ({ name, pid, fence, ranAt }) =>
          pid === heir && fence > before.get(name)! && (name !== 'mails.send' || ranAt > since),
      )
    await expect.poll(areTaken, { timeout: 2 * takenOverWithin, interval: 50 }).toBe(true)
    const ms = Date.now() - since - lateness.ms()
    await lateness.stop()
    return ms
  }

  expect(await untilDoneBy(other!.pid, () => holder!.kill('SIGSTOP'))).toBeLessThan(takenOverWithin)
  holder!.kill('SIGCONT')
  expect(await untilDoneBy(holder!.pid, () => endProcess(other!, 'SIGKILL'))).toBeLessThan(takenOverWithin)
})
