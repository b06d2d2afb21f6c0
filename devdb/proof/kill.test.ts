import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { killRounds } from './kill/rounds.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'devdb-kill-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test('F13 given eight writers, when the server is killed at six random moments, then nothing acknowledged is lost and nothing is there in part', {
  timeout: 60_000,
}, async () => {
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  const { acknowledged, underWay, slowestStartMs } = await killRounds({ folder, rounds: 6, seed })
  expect(acknowledged).toBeGreaterThan(0)
  expect(underWay).toBeGreaterThan(0)
  expect(slowestStartMs).toBeLessThan(3_000)
})
