import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { expect, it } from 'vitest'
import { startInProcess, until } from '../testing.ts'

it('given most documents are deleted while the server serves, then the data file shrinks without a stop', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'devdb-compaction-'))
  const server = await startInProcess({ data: folder })
  const client = await mongoose.mongo.MongoClient.connect(server.url)
  const sizeOfFile = (): number => statSync(join(folder, 'devdb.sqlite')).size
  try {
    const items = client.db('compaction').collection<{ _id: number; text: string }>('items')
    const text = 'x'.repeat(3_000)
    for (let from = 0; from < 8_000; from += 1_000)
      await items.insertMany(Array.from({ length: 1_000 }, (_, at) => ({ _id: from + at, text })))
    await items.deleteMany({ _id: { $gte: 500 } })
    await until(() => sizeOfFile() > 0 && sizeOfFile() < 8 * 1024 * 1024, 20_000)
    expect(await items.countDocuments({ text })).toBe(500)
    expect((await client.db('compaction').command({ validate: 'items' })).valid).toBe(true)
  } finally {
    await client.close()
    await server.stop()
    rmSync(folder, { recursive: true })
  }
}, 30_000)
