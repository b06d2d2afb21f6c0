import { readFileSync } from 'node:fs'
import type { Doc } from '../../bson/values.ts'
import { type Child, startChild } from '../../testing.ts'
import { connectRaw } from '../../wire/rawClient.ts'
import { makeRandom } from '../random.ts'
import type { Row, State } from './operations.ts'
import { makeWriter, type Writer } from './writer.ts'

type Ask = (command: { [field: string]: unknown }) => Promise<Doc>

export type Rounds = {
  readonly folder: string
  readonly rounds: number
  readonly seed: number
  readonly progress?: (text: string) => void
}

export type Outcome = {
  readonly acknowledged: number
  /** Writes that were on their way when the server was killed, and how many of them had happened. */
  readonly underWay: number
  readonly happened: number
  /** Of the starts after a kill: the longest one, and the longest work of the processor for one (0 where the system does not say). */
  readonly slowestStartMs: number
  readonly hardestStartMs: number
}

const writerCount = 8
const longestMs = 250

const indexes: readonly Doc[] = [
  { key: { writer: 1, group: 1, amount: -1 }, name: 'compound' },
  { key: { code: 1 }, name: 'code', unique: true },
  { key: { tags: 1 }, name: 'tags' },
]

const asking = async (port: number): Promise<{ ask: Ask; end: () => void }> => {
  const client = await connectRaw(port)
  const ask: Ask = async (command) => {
    const reply = await client.send({ ...command, $db: 'proof' })
    if (reply.ok !== 1) throw new Error(`${Object.keys(command)[0]} was answered ${JSON.stringify(reply)}`)
    return reply
  }
  return { ask, end: client.end }
}

const all = async (ask: Ask, collection: string, filter: Doc): Promise<Doc[]> => {
  const { cursor } = await ask({ find: collection, filter, batchSize: 100_000 })
  return (cursor as { firstBatch: Doc[] }).firstBatch
}

const stateOf = async (ask: Ask, writer: number): Promise<State> => {
  const rows = (await all(ask, 'rows', { writer })) as unknown as Row[]
  const notes = await all(ask, 'notes', { writer })
  const [counter] = await all(ask, 'counters', {})
  return {
    rows: new Map(rows.map((row) => [row._id, row])),
    notes: notes.map(({ _id }) => String(_id)),
    count: Number(counter?.[`w${writer}`] ?? 0),
  }
}

/** Every index as a rebuild would make it, and a shared counter that is the sum of its shares. */
const checkWhole = async (ask: Ask): Promise<void> => {
  for (const collection of ['rows', 'notes']) {
    const reply = await ask({ validate: collection, full: true })
    if (reply.valid !== true) throw new Error(`${collection} is not valid: ${JSON.stringify(reply)}`)
  }
  const [counter] = await all(ask, 'counters', {})
  if (counter === undefined) return
  const { _id, total, ...shares } = counter
  const sum = Object.values(shares).reduce<number>((whole, share) => whole + Number(share), 0)
  if (sum !== total) throw new Error(`the counter says ${String(total)}, its shares add up to ${sum}`)
}

/** How long the processor has worked for a process, all its threads together; 0 where the system does not say (it is read from /proc). */
const workedMs = (pid: number | undefined): number => {
  try {
    // The name of the program stands in brackets and may hold spaces; user and system time are 14th and 15th, in hundredths of a second.
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return (Number(afterName[11]) + Number(afterName[12])) * 10
  } catch {
    return 0
  }
}

const started = async (folder: string): Promise<{ server: Child; ms: number; workMs: number }> => {
  const start = performance.now()
  const server = await startChild(['--data', folder, '--parent-watch'])
  return { server, ms: performance.now() - start, workMs: workedMs(server.process.pid) }
}

/** The collections and their indexes; the server is killed when it has acknowledged them. */
const prepare = async (folder: string): Promise<void> => {
  const { server } = await started(folder)
  const { ask, end } = await asking(server.port)
  try {
    await ask({ createIndexes: 'rows', indexes })
    await ask({ create: 'notes' })
  } finally {
    end()
    await server.end('SIGKILL')
  }
}

const verifyAll = async (port: number, writers: readonly Writer[]): Promise<string[]> => {
  const { ask, end } = await asking(port)
  const found: string[] = []
  for (const { writer, verify } of writers) found.push(await verify(port, () => stateOf(ask, writer)))
  await checkWhole(ask)
  end()
  return found
}

/**
 * Kills a server at random moments under eight concurrent writers and starts it again on the same folder. Throws when
 * an acknowledged write is missing, one on its way is there in part, an index is not what a rebuild would be, or a
 * retry is not answered as the first attempt was.
 */
export const killRounds = async ({ folder, rounds, seed, progress }: Rounds): Promise<Outcome> => {
  const random = makeRandom(seed)
  const writers = Array.from({ length: writerCount }, (_, index) => makeWriter(index, makeRandom(seed * 31 + index)))
  let outcome: Outcome = { acknowledged: 0, underWay: 0, happened: 0, slowestStartMs: 0, hardestStartMs: 0 }
  await prepare(folder)
  let { server } = await started(folder)
  try {
    for (let round = 1; round <= rounds; round++) {
      const writing = writers.map(({ write }) => write(server.port))
      await new Promise((resolve) => setTimeout(resolve, random.between(1, longestMs)))
      await server.end('SIGKILL')
      const acknowledged = (await Promise.all(writing)).reduce((sum, count) => sum + count, 0)
      const again = await started(folder)
      server = again.server
      const found = await verifyAll(server.port, writers)
      outcome = {
        acknowledged: outcome.acknowledged + acknowledged,
        underWay: outcome.underWay + found.filter((fate) => fate !== 'none').length,
        happened: outcome.happened + found.filter((fate) => fate === 'happened').length,
        slowestStartMs: Math.max(outcome.slowestStartMs, again.ms),
        hardestStartMs: Math.max(outcome.hardestStartMs, again.workMs),
      }
      progress?.(`round ${round}: ${outcome.acknowledged} acknowledged`)
    }
    return outcome
  } finally {
    await server.end('SIGKILL')
  }
}
