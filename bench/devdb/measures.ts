import { readFileSync } from 'node:fs'
import { type Document, serialize } from 'bson'
import mongoose from 'mongoose'
import { type Child, startChild } from '../../devdb/testing.ts'
import { rawLoad } from './rawLoad.ts'

/** One figure; `bar` is what it should reach (or stay below, when `atMost`). */
export type Figure = {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly bar?: number
  readonly atMost?: boolean
}

export type Setting = { readonly folder: string; readonly documents: number; readonly progress: (text: string) => void }

const database = 'bench'

/** Ten fields, about 330 bytes: a small document of a shop. */
const documentOf = (id: number): Document => ({
  _id: id,
  sku: `SKU-${String(id).padStart(8, '0')}`,
  name: `Article number ${id} of the benchmark`,
  category: `category-${id % 500}`,
  price: 1000 + (id % 900),
  currency: 'EUR',
  stock: 1_000_000,
  tags: ['bench', `tag-${id % 20}`],
  description: 'A few words that say what this article is about, long enough to look like a real one.',
  updatedAt: new Date(1_700_000_000_000 + id * 1000),
})

const expectOk = (reply: Document): void => {
  if (reply.ok !== 1 || reply.writeErrors !== undefined) throw new Error(`a command failed: ${JSON.stringify(reply)}`)
}

const residentBytes = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
}

const raw = { sockets: 4, inFlight: 8 }

const insertRate = ({ port }: Child, collection: string, { documents }: Setting): Promise<number> =>
  rawLoad({
    ...raw,
    port,
    commands: documents,
    command: (turn) => ({ insert: collection, documents: [documentOf(turn)], $db: database }),
    check: (reply) => {
      expectOk(reply)
      if (reply.n !== 1) throw new Error('nothing was inserted')
    },
  })

const findRate = ({ port }: Child, collection: string, documents: number): Promise<number> =>
  rawLoad({
    ...raw,
    port,
    commands: 60_000,
    command: (turn) => ({ find: collection, filter: { _id: (turn * 7919) % documents }, limit: 1, $db: database }),
    check: (reply) => {
      expectOk(reply)
      if (reply.cursor.firstBatch.length !== 1) throw new Error('the document was not found')
    },
  })

/** How many times a second `work` is done by so many at once, for two seconds after half a second of running in. */
const closedLoop = async (users: number, work: (turn: number) => Promise<unknown>): Promise<number> => {
  let turn = 0
  let counted = 0
  const start = performance.now() + 500
  const end = start + 2000
  await Promise.all(
    Array.from({ length: users }, async () => {
      while (performance.now() < end) {
        await work(turn++)
        if (performance.now() >= start && performance.now() < end) counted++
      }
    }),
  )
  return counted / 2
}

const articleSchema = new mongoose.Schema(
  { _id: Number, sku: String, category: String, stock: Number },
  { strict: false, versionKey: false },
)

const throughMongoose = async (server: Child, { documents, progress }: Setting): Promise<Figure[]> => {
  const connection = await mongoose
    .createConnection(server.url, { dbName: database, maxPoolSize: 16, autoIndex: false, autoCreate: false })
    .asPromise()
  const Article = connection.model('Article', articleSchema, 'articles')
  const admin = connection.db?.admin()
  const works: readonly [string, (turn: number) => Promise<unknown>][] = [
    ['ping', async () => admin?.command({ ping: 1 })],
    ['findOne by _id', (turn) => Article.findOne({ _id: (turn * 7919) % documents }).lean()],
    [
      'guarded findOneAndUpdate',
      (turn) =>
        Article.findOneAndUpdate(
          { _id: (turn * 7919) % documents, stock: { $gte: 1 } },
          { $inc: { stock: -1 } },
          { returnDocument: 'after' },
        ).lean(),
    ],
    ['insert', (turn) => Article.create({ _id: documents + turn, sku: `NEW-${turn}`, stock: 1 })],
    ['findOne by a unique key', (turn) => Article.findOne({ sku: documentOf((turn * 7919) % documents).sku }).lean()],
  ]
  const best = new Map<string, number>()
  // Three rounds side by side: a slow second of the machine then hits none of them alone.
  for (let round = 0; round < 3; round++) {
    for (const [name, work] of works) {
      progress(`mongoose, 16 at once: ${name}`)
      if (round > 0 && name === 'insert') continue
      best.set(name, Math.max(best.get(name) ?? 0, await closedLoop(16, work)))
    }
  }
  await connection.close()
  const ping = best.get('ping') ?? 1
  return [...best].flatMap(([name, value]): Figure[] => {
    const rate = { name: `mongoose, 16 at once: ${name}`, value, unit: 'per s' }
    if (!['findOne by _id', 'guarded findOneAndUpdate'].includes(name)) return [rate]
    return [rate, { name: '  of the rate of a bare ping', value: (100 * value) / ping, unit: '%', bar: 60 }]
  })
}

const uniqueLookups = async (server: Child, { documents, progress }: Setting): Promise<Figure> => {
  const rates = { small: 0, large: 0 }
  const lookups = (collection: string, size: number): Promise<number> =>
    rawLoad({
      ...raw,
      port: server.port,
      commands: 20_000,
      command: (turn) => ({
        find: collection,
        filter: { sku: documentOf((turn * 7919) % size).sku },
        limit: 1,
        $db: database,
      }),
      check: (reply) => {
        if (reply.cursor.firstBatch.length !== 1) throw new Error('the document was not found')
      },
    })
  for (let round = 0; round < 3; round++) {
    progress('lookups by a unique key')
    rates.small = Math.max(rates.small, await lookups('few', 1000))
    rates.large = Math.max(rates.large, await lookups('articles', documents))
  }
  return {
    name: `unique lookup among ${documents} against among 1,000`,
    value: (100 * rates.large) / rates.small,
    unit: '%',
    bar: 80,
  }
}

const createUnique = async ({ port }: Child, collection: string): Promise<void> => {
  await rawLoad({
    port,
    sockets: 1,
    inFlight: 1,
    commands: 1,
    command: () => ({
      createIndexes: collection,
      indexes: [{ key: { sku: 1 }, name: 'sku_1', unique: true }],
      $db: database,
    }),
    check: expectOk,
  })
}

const opening = async (arguments_: readonly string[]): Promise<{ server: Child; ms: number }> => {
  const start = performance.now()
  const server = await startChild(arguments_)
  return { server, ms: performance.now() - start }
}

/** All figures, one server after another on the same folder. */
export const measure = async (setting: Setting): Promise<Figure[]> => {
  const { folder, documents, progress } = setting
  const emptyStart = await opening(['--data', folder])
  const first = emptyStart.server
  await createUnique(first, 'articles')
  await createUnique(first, 'few')
  await insertRate(first, 'few', { ...setting, documents: 1000 })
  progress(`${documents} durable inserts over raw sockets`)
  const inserts = await insertRate(first, 'articles', setting)
  progress('finds by _id over raw sockets')
  const finds = await findRate(first, 'articles', documents)
  const unique = await uniqueLookups(first, setting)
  const mapped = await throughMongoose(first, setting)
  await first.end('SIGTERM')
  progress('opening')
  const again = await opening(['--data', folder])
  const resident = residentBytes(again.server.process.pid ?? 0)
  await again.server.end('SIGTERM')
  const empty = await opening(['--ephemeral'])
  const nothing = residentBytes(empty.server.process.pid ?? 0)
  await empty.server.end('SIGTERM')
  const bytes = serialize(documentOf(1)).length
  return [
    { name: 'durable inserts over raw sockets (32 at once)', value: inserts, unit: 'per s', bar: 12_000 },
    { name: 'finds by _id over raw sockets (32 at once)', value: finds, unit: 'per s', bar: 20_000 },
    unique,
    ...mapped,
    {
      name: `memory a document above its ${bytes} bytes`,
      value: (resident - nothing) / documents - bytes,
      unit: 'B',
      bar: 1500,
      atMost: true,
    },
    { name: `opening ${documents} documents`, value: again.ms - emptyStart.ms, unit: 'ms', bar: 2000, atMost: true },
    { name: 'start without data', value: emptyStart.ms, unit: 'ms' },
  ]
}
