import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Doc } from '../bson/values.ts'
import { startInProcess } from '../testing.ts'
import { amounts } from './amounts.ts'
import { findDifference } from './compare.ts'
import { startTamperingProxy } from './tamperingProxy.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('./differential.ts', import.meta.url))
const runs = amounts.differentialRuns

type Server = Awaited<ReturnType<typeof startInProcess>>

let replicaSet: Server
let standalone: Server

beforeAll(async () => {
  ;[replicaSet, standalone] = await Promise.all([startInProcess(), startInProcess({ standalone: true })])
})

afterAll(async () => {
  await Promise.all([replicaSet.stop(), standalone.stop()])
})

/** Loses the last of several documents. */
const loseOne = (reply: Doc): Doc | undefined => {
  const cursor = reply.cursor as { firstBatch?: unknown[] } | undefined
  if (cursor?.firstBatch === undefined || cursor.firstBatch.length < 2) return undefined
  return { ...reply, cursor: { ...cursor, firstBatch: cursor.firstBatch.slice(0, -1) } } as Doc
}

describe('the comparison of two servers', { timeout: 60_000 }, () => {
  it('given a replica set and a standalone, then there is no difference', async () => {
    expect(await findDifference([replicaSet.url, standalone.url], { runs })).toBeUndefined()
  })

  it('given a server that loses a document, then the difference is found and as small as can be', async () => {
    const proxy = await startTamperingProxy(replicaSet.port, loseOne)
    const difference = await findDifference([replicaSet.url, proxy.url], { runs: 500, seed: 1 })
    proxy.stop()
    // Two documents and a query that finds both.
    expect(difference?.steps.length).toBeLessThanOrEqual(3)
    expect(difference?.first).not.toBe(difference?.second)
    expect(difference?.command).toHaveProperty(
      Object.hasOwn(difference?.command as object, 'find') ? 'find' : 'aggregate',
    )
  })

  it('given a server with another kind of number, then that is a difference', async () => {
    const proxy = await startTamperingProxy(replicaSet.port, (reply) =>
      reply.n === 1 && reply.nModified === undefined ? { ...reply, n: mongoose.mongo.Long.ONE } : undefined,
    )
    const difference = await findDifference([replicaSet.url, proxy.url], { runs: 500, seed: 1 })
    proxy.stop()
    expect(difference).toMatchObject({
      first: expect.stringContaining('$numberInt'),
      second: expect.stringContaining('$numberLong'),
    })
  })

  it('given the command line, then its exit code and report say it', async () => {
    const args = [script, '--url', replicaSet.url, '--against', standalone.url, '--runs', '5', '--seed', '7']
    expect((await run(process.execPath, args)).stdout).toBe('no difference in 5 runs\n')
    await expect(run(process.execPath, [script, '--url', replicaSet.url])).rejects.toMatchObject({ code: 2 })
    const proxy = await startTamperingProxy(standalone.port, loseOne)
    const failing = [script, '--url', replicaSet.url, '--against', proxy.url, '--runs', '500', '--seed', '7']
    await expect(run(process.execPath, failing)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('--against answers'),
    })
    proxy.stop()
  })
})
