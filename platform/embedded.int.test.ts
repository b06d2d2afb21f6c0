import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freshPrefix } from '../tests/subgraph.ts'
import { findEmbedded, startEmbedded } from './embedded.ts'
import { connectMongo } from './mongo.ts'

const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const start = async (folder: string | null) => {
  const embedded = await startEmbedded({ folder })
  onTestFinished(embedded.stop)
  return embedded
}

const withDatabase = async <T>(
  url: string,
  prefix: string,
  work: (names: {
    readonly insert: (name: string) => Promise<unknown>
    readonly all: () => Promise<unknown[]>
  }) => Promise<T>,
): Promise<T> => {
  const mongo = await connectMongo({ url, prefix })
  try {
    const things = mongo.database('things').collection<{ _id: string }>('things')
    return await work({
      insert: (name) => things.insertOne({ _id: name } as never),
      all: async () => (await things.find().toArray()).map(({ _id }) => _id),
    })
  } finally {
    await mongo.stop()
  }
}

test('given a folder, when the database is started, stopped and started again, then what was acknowledged is there', async () => {
  const [folder, prefix] = [await makeFolder(), freshPrefix()]
  const first = await start(folder)
  expect(await findEmbedded(folder)).toBe(first.url)
  await withDatabase(first.url, prefix, ({ insert }) => insert('kept'))
  await first.stop()
  await first.stop()
  expect(() => process.kill(first.pid!, 0)).toThrow('ESRCH')
  expect(await findEmbedded(folder)).toBeNull()
  const second = await start(folder)
  expect(await withDatabase(second.url, prefix, ({ all }) => all())).toEqual(['kept'])
})

test('given a folder, then the database listens on a socket in it; given a path too long for one, or no folder, on a port', async () => {
  const folder = await makeFolder()
  expect((await start(folder)).url).toContain(encodeURIComponent(join(folder, 'devdb.sock')))
  expect((await start(join(folder, 'x'.repeat(100)))).url).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+/)
  expect((await start(null)).url).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+/)
})

test('given a folder that is in use, when another starts on it, then it says so, and the first goes on', async () => {
  const [folder, prefix] = [await makeFolder(), freshPrefix()]
  const { url } = await start(folder)
  const error = await startEmbedded({ folder }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(Error)
  const { message } = error as Error
  expect(message).toContain(folder)
  expect(message).toMatch(/^devdb: .*(held|use|process)/)
  expect(message.split('\n')).toHaveLength(1)
  expect(await findEmbedded(folder)).toBe(url)
  await withDatabase(url, prefix, ({ insert }) => insert('still here'))
})

test('given a folder that cannot be made, when the database is started on it, then it fails with its own words', async () => {
  const file = join(await makeFolder(), 'file')
  await writeFile(file, '')
  await expect(startEmbedded({ folder: join(file, 'below') })).rejects.toThrow(/\S/)
})

test('given no folder, when two databases are started, then they do not share anything', async () => {
  const prefix = freshPrefix()
  const [a, b] = await Promise.all([start(null), start(null)])
  await withDatabase(a.url, prefix, ({ insert }) => insert('only in a'))
  expect(await withDatabase(b.url, prefix, ({ all }) => all())).toEqual([])
})

test('given nothing, junk, or the note of a dead process, when a database is looked for, then there is none', async () => {
  const folder = await makeFolder()
  const found = async (note: string) => {
    await writeFile(join(folder, 'devdb.json'), note)
    return findEmbedded(folder)
  }
  expect(await findEmbedded(folder)).toBeNull()
  expect(await findEmbedded(join(folder, 'absent'))).toBeNull()
  expect(await found('{"pid":')).toBeNull()
  expect(await found('null')).toBeNull()
  expect(await found(JSON.stringify({ pid: 2 ** 22 + 1, url: 'mongodb://127.0.0.1:1' }))).toBeNull()
})
