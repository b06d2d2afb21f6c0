import { join } from 'node:path'
import type { Ids } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import { makeBoard, takeBacklog } from '#platform/board.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import type { Config } from '#platform/config.ts'
import { holderName, isGone } from '#platform/leases/holder.ts'
import { makeLeases } from '#platform/leases/leases.ts'
import { makeLeaseModel } from '#platform/leases/mongo.ts'
import type { Log } from '#platform/log.ts'
import { type Database, ensureIndexes } from '#platform/mongo.ts'
import { makeRelay } from '#platform/outbox/relay.ts'
import type { Queue } from '#platform/queue/queue.ts'
import type { RunningSubgraph } from '#platform/runningSubgraph.ts'
import { watchBacklog } from './backlog.ts'
import { makeMailConsumer } from './emails/consumer.ts'
import { makeMailFolder } from './emails/folder.ts'
import { type MailTransport, TryLater } from './emails/mail.ts'
import { makeMailModel } from './emails/model.ts'
import { makeSender } from './emails/sender.ts'
import { makeSmtp } from './emails/smtp.ts'
import { makeWriter } from './emails/writing.ts'
import { startJobs } from './jobs.ts'
import { makeReplayConsumer } from './replaying.ts'
import { leaseMs } from './timetable.ts'

export interface WorkersDeps {
  readonly subgraphs: readonly Pick<RunningSubgraph, 'parts'>[]
  /** The workers' own database: who does what, and how it went. */
  readonly database: Database
  readonly queue: Queue
  readonly clock: Clock
  readonly log: Log
  /** Asks subgraphs under the identity `workers`. */
  readonly call: SubgraphCaller
  readonly ids: Ids
  readonly config: Pick<Config, 'outboxPollMs' | 'dataDir' | 'mailFrom' | 'smtpUrl' | 'redis'>
}

/** Without a shared queue one process delivers; the lease is called like what it is for. */
const relayLease = 'relay'

/** A wrong login ends the start, like that of the database; a server that is away does not: mails wait for it (F10). */
const lookAtMailServer = async (transport: MailTransport, log: Log): Promise<void> => {
  try {
    await transport.check()
  } catch (error) {
    if (!(error instanceof TryLater)) {
      transport.stop()
      throw error
    }
    log.warn('The mail server (SMTP_URL) does not answer: mails wait for it.', { cause: error.message })
  }
}

/** What happens behind the scenes: facts from the outboxes to their consumers, and the jobs of the timetable, over any number of such processes. @throws MailServerRefused */
export const startWorkers = async (deps: WorkersDeps) => {
  const { subgraphs, database, queue, clock, log, call, ids, config } = deps
  const parts = subgraphs.map((subgraph) => subgraph.parts)
  const leaseModel = makeLeaseModel(database)
  // Sets this process apart from others of the same number.
  const holder = holderName(ids.next('wrk'))
  const leases = makeLeases({ store: leaseModel.store, holder, isGone, log, ttlMs: leaseMs })
  const mails = makeMailModel(database, clock)
  await ensureIndexes([mails.model])
  const transport = config.smtpUrl
    ? makeSmtp({ url: config.smtpUrl, from: config.mailFrom })
    : makeMailFolder(join(config.dataDir, 'mail'), config.mailFrom)
  await lookAtMailServer(transport, log)
  const sender = makeSender({ mails, write: makeWriter(call), transport, clock, log })
  const sources = parts.flatMap(({ outboxes = [] }) => outboxes)
  const queues = [...sources, mails]
  const board = makeBoard(database)
  const sagas = parts.flatMap(({ unfinished }) => unfinished ?? [])
  const unwatch = watchBacklog({ outboxes: queues, sagas, clock })
  const relay = makeRelay({
    sources,
    consumers: [
      ...parts.flatMap(({ consumers = [] }) => consumers),
      makeMailConsumer(mails),
      makeReplayConsumer(queues),
    ],
    queue,
    clock,
    log,
    pollMs: config.outboxPollMs,
    ...(!config.redis && { isMine: () => leases.get(relayLease) !== null }),
  })
  if (!config.redis) leases.want(relayLease, relay.wake)
  const jobs = startJobs({
    jobs: [
      ...parts.flatMap(({ jobs: own = [] }) => own),
      { name: 'mails.send', run: sender.sendDue },
      { name: 'workers.writeBoard', run: async () => board.write(await takeBacklog(queues, clock)) },
    ],
    leases,
    note: leaseModel.note,
    clock,
    ids,
    log,
  })
  await leases.go()
  return {
    name: 'workers',
    stop: async (): Promise<void> => {
      unwatch()
      await jobs.stop()
      await relay.stop()
      transport.stop()
      await leases.stop()
    },
  }
}
