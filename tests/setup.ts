import { existsSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { findRedis } from '../commands/fleet/redis.ts'
import { type EmbeddedDatabase, startEmbedded } from '../platform/embedded.ts'
import { closeNotes, openNotes } from './fleet/notes.ts'

declare module 'vitest' {
  interface ProvidedContext {
    mongoUrl: string
    /** The browser of this machine; null: it has none, and tests in the browser are left out. */
    chromium: string | null
    /** The Redis server program of this machine; null: it has none, and tests with Redis are left out. */
    redisServer: string | null
    /** Whether the pictures of the docs are to be taken anew. */
    pictures: boolean
    /** Whether stories that know only the front of a shop run over a fleet of processes. */
    fleet: boolean
    /** The file in which stories note whether they did; empty without a fleet. */
    fleetNotes: string
    /** Whether tests with a short and a long form take the long one: every crash point, 500 buyers at once. */
    thorough: boolean
    /** What the input of properties follows from. */
    seed: number
  }
}

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** CI always has a browser: there nothing is left out, a missing one is a failure. */
const findChromium = (): string | null => browsers.find(existsSync) ?? (process.env.CI ? (browsers[0] ?? null) : null)

/** As with the browser: only in CI a missing one is a failure. */
const findRedisServer = (): string | null => {
  const found = findRedis() ?? (process.env.CI ? 'redis-server' : null)
  if (!found) process.stderr.write('There is no redis-server on this machine: the tests with Redis are left out.\n')
  return found
}

/** The same input in every run, so that a merge check fails for the change that it checks; who looks for more asks for another seed. */
const chooseSeed = (): number => {
  const { FC_SEED: asked, THOROUGH: thorough } = process.env
  const seed = Number(asked ?? (thorough === '1' ? Date.now() % 1_000_000 : 1))
  if (!Number.isSafeInteger(seed)) throw new Error('FC_SEED must be a whole number')
  if (seed !== 1)
    process.stderr.write(`Properties are tried with input of seed ${seed} (FC_SEED=${seed} for the same).\n`)
  return seed
}

let embedded: EmbeddedDatabase | null = null
let fleetNotes = ''

/** One database server for all test files: the one at MONGODB_URL, or an embedded one that keeps nothing. */
export const setup = async (project: TestProject): Promise<void> => {
  project.provide('seed', chooseSeed())
  const given = process.env.MONGODB_URL
  if (!given) embedded = await startEmbedded({ folder: null, standalone: process.env.DEVDB_STANDALONE === '1' })
  project.provide('mongoUrl', given ?? embedded?.url ?? '')
  project.provide('chromium', findChromium())
  project.provide('redisServer', findRedisServer())
  project.provide('pictures', process.env.PICTURES === '1')
  const fleet = process.env.SHOP === 'fleet'
  if (fleet) fleetNotes = openNotes()
  project.provide('fleet', fleet)
  project.provide('fleetNotes', fleetNotes)
  project.provide('thorough', process.env.THOROUGH === '1')
}

export const teardown = async (): Promise<void> => {
  await embedded?.stop()
  if (fleetNotes) process.stdout.write(`\n${closeNotes(fleetNotes)}`)
}
