import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pids } from './processes.ts'

/** A shop to be measured. */
export interface BenchedShop {
  readonly url: string
  /** Where its metrics are shown, when it was told to. */
  readonly metricsUrl?: string
  /** Its processes, where we know them. */
  readonly pids: Pids
  /** Why it ended before it was told to; null while it runs. */
  readonly obituary: () => string | null
  stop(): Promise<void>
}

export interface ShopOptions {
  /** Where the processes write their CPU profiles when they end; null: no profiles. */
  readonly profileFolder: string | null
  /** Settings beside those of every bench. */
  readonly env?: Readonly<Record<string, string>>
  /** Arguments for Node instead of those of `npm start` or beside them. */
  readonly nodeArguments?: readonly string[]
}

const root = join(import.meta.dirname, '..')
const patienceMs = 120_000

const profiling = (folder: string | null): Record<string, string> =>
  folder === null ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${folder}` }

/** The address in the banner, which is printed when the catalogue is there: later than the port opens. */
const openedAt = (child: ChildProcess, output: () => string): Promise<string> =>
  new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`The shop did not open: ${reason}\n${output()}`))
    const timer = setTimeout(() => fail(`nothing for ${patienceMs / 1_000} s.`), patienceMs)
    const look = () => {
      const [, url] = /GraphQL\s+(http:\/\/\S+)\/graphql/.exec(output()) ?? []
      if (!url) return
      clearTimeout(timer)
      resolve(url)
    }
    child.stdout?.on('data', look)
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      fail(`it ended with ${signal ?? code}.`)
    })
  })

const databasePid = async (dataDir: string): Promise<number> =>
  JSON.parse(await readFile(join(dataDir, 'database', 'devdb.json'), 'utf8')).pid

/** The last of a process's output. */
const tail = (child: ChildProcess): (() => string) => {
  let text = ''
  const collect = (chunk: Buffer) => {
    text = (text + String(chunk)).slice(-4_000)
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  return () => text
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null

const endGently = async (child: ChildProcess, graceMs = 20_000): Promise<void> => {
  if (!isRunning(child)) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), graceMs)
  await exited
  clearTimeout(force)
}

/** What `npm start` gives to Node: what is measured is what users run. */
const startArguments = async (): Promise<string[]> => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
  return scripts.start.split(' ').slice(1)
}

/** A setting of Node that a bench gives another value. */
const isOverruled = (argument: string, overruling: readonly string[]): boolean =>
  argument.startsWith('--') && overruling.some((other) => other.split('=')[0] === argument.split('=')[0])

/**
 * Starts the shop as a user would: all units in one process, the embedded database on disk, in a folder that goes away again.
 * @throws Error with the shop's own words when it does not open.
 */
export const startShop = async ({ profileFolder, env = {}, nodeArguments = [] }: ShopOptions): Promise<BenchedShop> => {
  const dataDir = env.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'emporion-bench-')))
  const given = (await startArguments()).filter((argument) => !isOverruled(argument, nodeArguments))
  const child = spawn(process.execPath, [...nodeArguments, ...given], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      DATA_DIR: dataDir,
      PORT: '0',
      LOG_LEVEL: 'error',
      // All users of a bench come from one address.
      ATTEMPTS_PER_ADDRESS: '1000000',
      COST_BUCKET: '1000000000',
      ...profiling(profileFolder),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A process group of its own: Ctrl-C reaches only us, and we stop the shop in order.
    detached: true,
  })
  /** When we are interrupted there is no time to wait; the database notices by itself that the shop is gone. */
  const lastResort = () => {
    child.kill('SIGKILL')
    rmSync(dataDir, { recursive: true, force: true })
  }
  process.once('exit', lastResort)
  const output = tail(child)
  const stop = async () => {
    await endGently(child)
    process.off('exit', lastResort)
    await rm(dataDir, { recursive: true, force: true })
  }
  try {
    const url = await openedAt(child, output)
    const [, metricsUrl] = /Metrics\s+(http:\/\/\S+)/.exec(output()) ?? []
    return {
      url,
      ...(metricsUrl && { metricsUrl }),
      pids: { shop: child.pid ?? -1, database: await databasePid(dataDir) },
      obituary: () => (isRunning(child) ? null : `it ended with ${child.signalCode ?? child.exitCode}.\n${output()}`),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A shop that somebody else runs: it is neither stopped nor looked into. */
export const runningShop = (url: string): BenchedShop => ({
  url,
  pids: {},
  obituary: () => null,
  stop: async () => undefined,
})
