import { join } from 'node:path'
import type { SubgraphCaller } from '#platform/caller.ts'
import type { Config } from '#platform/config.ts'
import { faultFields, type Log } from '#platform/log.ts'
import { makeRelay } from '#platform/outbox/relay.ts'
import type { Queue } from '#platform/queue/queue.ts'
import type { RunningSubgraph } from '#platform/runningSubgraph.ts'
import type { TimedJob } from '#platform/subgraph.ts'
import { makeMailConsumer } from './emails/consumer.ts'
import { makeMailFolder } from './emails/folder.ts'

export interface WorkersDeps {
  readonly subgraphs: readonly Pick<RunningSubgraph, 'parts'>[]
  readonly queue: Queue
  readonly log: Log
  /** Asks subgraphs under the identity `workers`. */
  readonly call: SubgraphCaller
  readonly config: Pick<Config, 'outboxPollMs' | 'dataDir' | 'mailFrom'>
}

/** Runs a job again and again, never twice at once; a failure is logged and the next round tries again. */
const runJob = (job: TimedJob, log: Log) => {
  let running: Promise<void> | null = null
  const round = async (): Promise<void> => {
    try {
      await job.run()
    } catch (error) {
      log.warn('a job failed', { job: job.name, ...faultFields(error) })
    }
  }
  const timer = setInterval(() => {
    running ??= round().finally(() => {
      running = null
    })
  }, job.everyMs)
  return async (): Promise<void> => {
    clearInterval(timer)
    await running
  }
}

/** What happens behind the scenes: facts from the outboxes to their consumers, and the subgraphs' timed jobs. */
export const startWorkers = ({ subgraphs, queue, log, call, config }: WorkersDeps) => {
  const parts = subgraphs.map((subgraph) => subgraph.parts)
  const transport = makeMailFolder(join(config.dataDir, 'mail'), config.mailFrom)
  const relay = makeRelay({
    sources: parts.flatMap(({ outboxes = [] }) => outboxes),
    consumers: [...parts.flatMap(({ consumers = [] }) => consumers), makeMailConsumer({ call, transport })],
    queue,
    log,
    pollMs: config.outboxPollMs,
  })
  const stopJobs = parts.flatMap(({ jobs = [] }) => jobs).map((job) => runJob(job, log))
  return {
    name: 'workers',
    stop: async (): Promise<void> => {
      await Promise.all(stopJobs.map((stop) => stop()))
      await relay.stop()
    },
  }
}
