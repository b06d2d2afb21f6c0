import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { amounts } from './amounts.ts'
import { killRounds } from './kill/rounds.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devdb-kill-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const seed = amounts.killSeed

test(`F13 given eight writers, when the server is killed at six random moments, then nothing acknowledged is lost and nothing is there in part (seed ${seed})`, {
  timeout: 120_000,
}, async () => {
  const { acknowledged, underWay, hardestStartMs, slowestStartMs } = await killRounds({ folder, rounds: 6, seed })
  expect(acknowledged).toBeGreaterThan(0)
  expect(underWay).toBeGreaterThan(0)
  // F13: 3 s. How long the processor works for a start is the server's doing; how long the start has to wait for the processor is not.
  expect(hardestStartMs).toBeLessThan(3_000)
  expect(slowestStartMs).toBeLessThan(30_000)
})
