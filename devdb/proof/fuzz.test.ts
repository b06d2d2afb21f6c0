import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Child, startChild } from '../testing.ts'
import { amounts } from './amounts.ts'
import { brokenFrame, mutations } from './frames.ts'
import { fuzz } from './fuzz.ts'
import { makeRandom } from './random.ts'

const { fuzzFrames: frames, fuzzSeed: seed } = amounts
const megabyte = 2 ** 20
/** Resident memory levels off about this much above that of the first tenth, while the heap itself stays as it is (docs/proof.md). */
const mostGrown = 200 * megabyte

let server: Child

beforeAll(async () => {
  server = await startChild(['--ephemeral'])
})

afterAll(() => server.end('SIGKILL'))

describe('broken frames', () => {
  it(
    'given many of them, then the server lives, answers others, and keeps nothing of them',
    async () => {
      const { sent, grownBytes = 0 } = await fuzz({ port: server.port, pid: server.process.pid! }, { seed, frames })
      expect(sent).toBeGreaterThanOrEqual(frames)
      expect(grownBytes).toBeLessThan(mostGrown)
      expect(server.process.exitCode).toBeNull()
    },
    frames * 20,
  )

  it('given the same seed, then they are the same, and every kind comes', () => {
    const [one, other] = [makeRandom(seed), makeRandom(seed)]
    const kinds = new Set<string>()
    for (let count = 0; count < 1_000; count += 1) {
      const frame = brokenFrame(one)
      expect(frame).toEqual(brokenFrame(other))
      kinds.add(frame.kind)
    }
    expect([...kinds].sort()).toEqual(Object.keys(mutations).sort())
  })
})
