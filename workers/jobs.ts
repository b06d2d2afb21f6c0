import type { Ids } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import { causedBy } from '#platform/cause.ts'
import type { Lease, Leases } from '#platform/leases/leases.ts'
import type { LastRun, LeaseModel } from '#platform/leases/mongo.ts'
import { faultFields, type Log } from '#platform/log.ts'
import { metrics } from '#platform/metrics/table.ts'
import { reasonOf } from '#platform/queue/reason.ts'
import { isJobName, timetable } from './timetable.ts'

/** A run is written down this often at most, unless it went otherwise than the one before: some jobs run every second. */
const notedEveryMs = 10_000

/** A subgraph's job, or one of the workers' own, which asks whether its lease is still held. */
export interface LeasedJob {
  readonly name: string
  run(lease: Lease): Promise<void>
}

export interface JobsOptions {
  readonly jobs: readonly LeasedJob[]
  readonly leases: Pick<Leases, 'want' | 'get'>
  readonly note: LeaseModel['note']
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

/**
 * Runs one job by the timetable while its lease is held here, never twice at once. After a failure the next round tries again. Each round
 * has a request id, by which its lines are found, with those of the calls and events that come of it.
 */
const runJob = ({ name, run }: LeasedJob, everyMs: number, deps: Omit<JobsOptions, 'jobs'>) => {
  const { leases, note, clock, ids, log } = deps
  let running: Promise<void> | null = null
  let noted: LastRun | null = null

  const attempt = async (lease: Lease): Promise<LastRun> => {
    const [at, began] = [clock.now(), performance.now()]
    const tookMs = () => Math.round(performance.now() - began)
    try {
      await run(lease)
      metrics.jobs.inc({ task: name, outcome: 'done' })
      return { at, tookMs: tookMs(), reason: null }
    } catch (error) {
      metrics.jobs.inc({ task: name, outcome: 'failed' })
      log.warn('a job failed', { job: name, ...faultFields(error) })
      return { at, tookMs: tookMs(), reason: reasonOf(error) }
    }
  }

  const writeDown = async (lease: Lease, last: LastRun): Promise<void> => {
    if (noted && noted.reason === last.reason && last.at - noted.at < notedEveryMs) return
    if (await note(name, lease.fence, last).catch(() => false)) noted = last
  }

  const round = (lease: Lease): Promise<void> =>
    causedBy({ requestId: ids.next('req') }, async () => writeDown(lease, await attempt(lease)))

  leases.want(name)
  const timer = setInterval(() => {
    const lease = leases.get(name)
    if (lease)
      running ??= round(lease).finally(() => {
        running = null
      })
  }, everyMs)
  return async (): Promise<void> => {
    clearInterval(timer)
    await running
  }
}

/** Starts all jobs. @throws Error for one that the timetable does not know: nobody would ever run it. */
export const startJobs = ({ jobs, ...deps }: JobsOptions) => {
  const stops = jobs.map((job) => {
    if (!isJobName(job.name)) throw new Error(`workers/timetable.ts has no line for the job ${job.name}`)
    return runJob(job, timetable[job.name].everyMs, deps)
  })
  return {
    /** Ends when what runs has ended. */
    stop: async (): Promise<void> => {
      await Promise.all(stops.map((stop) => stop()))
    },
  }
}
