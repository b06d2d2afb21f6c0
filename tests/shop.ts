import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { compose } from '../commands/dumpState/snapshot.ts'
import { seed } from '../commands/seed/seed.ts'
import {
  readConfig,
  type SubgraphName,
  subgraphNames,
  type UnitName,
  unitNames,
  urlVariable,
} from '../platform/config.ts'
import { type Clock, systemClock } from '../platform/kernel/time.ts'
import { startProvider } from '../provider/server.ts'
import { type ShopOptions, startShop as startInProcess } from '../shop.ts'
import { isForFleet, startFleetShop } from './fleet/shop.ts'
import { freePorts } from './ports.ts'
import { startProxy } from './proxy.ts'
import { freshPrefix } from './subgraph.ts'

const root = join(import.meta.dirname, '..')

export const providerSecret = 'shared with the provider of the tests'

export const quickEnv = {
  SEED: 'off',
  LOG_LEVEL: 'error',
  OUTBOX_POLL_MS: '50',
  FEED_POLL_MS: '100',
  // A busy machine may stall for seconds: stories of calls that nobody answers say that they are `soonTired`.
  PROVIDER_TIMEOUT_MS: '5000',
  SUBGRAPH_TIMEOUT_MS: '10000',
  // All people of a test live at one address.
  ATTEMPTS_PER_ADDRESS: '1000000',
  COST_BUCKET: '1000000000',
}

/** For stories of calls that nobody answers: nobody waits longer for a subgraph than in production, nor long for the provider. */
export const soonTired = { PROVIDER_TIMEOUT_MS: '400', SUBGRAPH_TIMEOUT_MS: '3000' }

/**
 * The whole shop in this process on a free port, over a database of its own; with `SHOP=fleet`, where a story allows it, a fleet.
 * `here`: why a story needs it in this process, where that does not show in what it asks for.
 */
export const startTogether = async (
  env: Record<string, string> = {},
  { units = [], here, ...options }: ShopOptions & { units?: readonly UnitName[]; here?: string } = {},
) => {
  if (isForFleet(env, { ...options, ...(units.length > 0 && { units }), ...(here && { here }) }))
    return startFleetShop({ ...quickEnv, ...env })
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
  const given = {
    ...quickEnv,
    MONGODB_URL: inject('mongoUrl'),
    DATABASE_PREFIX: freshPrefix(),
    DATA_DIR: dataDir,
    PORT: '0',
    ...env,
  }
  const shop = await startInProcess(readConfig(given, units), options)
  await seed(shop.callAs('seed'))
  return {
    url: shop.url!,
    callAs: shop.callAs,
    metricsUrl: shop.metricsUrl,
    /** The sandbox provider of this shop. */
    provider: shop.provider!,
    /** All that shop and provider have on record. */
    snapshot: async () => compose(await shop.records(), shop.provider!.movements(0, 1_000_000), systemClock.now()),
    stop: async () => {
      await shop.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export const endProcess = async (child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill(signal)
  return exited
}

/** Starts `node start.ts ...`: what it prints, when it has opened, and when it has ended. */
export const spawnShop = (args: readonly string[], env: Record<string, string>) => {
  const child = spawn(process.execPath, ['start.ts', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    // It ends with us, even when we are killed.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  const { promise: opened, resolve } = Promise.withResolvers<void>()
  const collect = (chunk: Buffer) => {
    output += String(chunk)
    if (output.includes('Emporion is open')) resolve()
  }
  child.stdout?.on('data', collect)
  child.stderr?.on('data', collect)
  const ended = new Promise<number | null>((done) => child.once('close', done))
  return { child, opened, ended, output: () => output }
}

/** Starts `node start.ts ...` and waits for its banner. */
export const startProcess = async (
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ child: ChildProcess; output: () => string }> => {
  const { child, opened, ended, output } = spawnShop(args, env)
  const failed = ended.then((code) => {
    throw new Error(`node start.ts ${args.join(' ')} ended with ${code}:\n${output()}`)
  })
  await Promise.race([opened, failed])
  failed.catch(() => undefined)
  return { child, output }
}

/** Runs `node start.ts ...`, which is expected to end by itself. */
export const runProcess = async (
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number | null; output: string; ms: number }> => {
  const began = performance.now()
  const { child, opened, ended, output } = spawnShop(args, env)
  void opened.then(() => child.kill('SIGTERM'))
  return { code: await ended, output: output(), ms: performance.now() - began }
}

type StartedProcess = Awaited<ReturnType<typeof startProcess>>

/** Starts processes side by side; when one does not come up, none is left behind. */
const startAll = async (starts: readonly (() => ReturnType<typeof startProcess>)[]): Promise<StartedProcess[]> => {
  const results = await Promise.allSettled(starts.map((start) => start()))
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failed = results.find((result) => result.status === 'rejected')
  if (!failed) return started
  await Promise.all(started.map(({ child }) => endProcess(child)))
  throw failed.reason
}

/** Every unit as a process of its own, over one database. */
export const startApart = async (env: Record<string, string> = {}) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
  const [gatewayPort, ...ports] = await freePorts(1 + subgraphNames.length)
  const urls = Object.fromEntries(
    subgraphNames.map((name, index) => [urlVariable(name), `http://127.0.0.1:${ports[index]}/graphql`]),
  )
  const provider = await startProvider({ host: '127.0.0.1', port: 0, secret: providerSecret, file: null })
  provider.deliverTo(`http://127.0.0.1:${gatewayPort}/webhooks/payments/sandbox`)
  const shared = {
    ...quickEnv,
    PROVIDER_URL: provider.url,
    PROVIDER_SECRET: providerSecret,
    MONGODB_URL: inject('mongoUrl'),
    DATABASE_PREFIX: freshPrefix(),
    DATA_DIR: dataDir,
    PORT: String(gatewayPort),
    ...urls,
    ...env,
  }
  const processes = await startAll(unitNames.map((unit) => () => startProcess([unit], shared)))
  const seeder = await startInProcess(readConfig(shared, ['users', 'products', 'pricing']), { attach: true })
  await seed(seeder.callAs('seed'))
  await seeder.stop()
  return {
    url: `http://127.0.0.1:${gatewayPort}`,
    provider,
    /** Where a subgraph listens: no place for clients. */
    subgraphUrl: (name: (typeof subgraphNames)[number]): string => urls[urlVariable(name)]!,
    /** The process of a unit, to be stopped in the middle of a story. */
    processOf: (unit: UnitName) => processes[unitNames.indexOf(unit)]!.child,
    /** All that a unit has printed since it was started last. */
    outputOf: (unit: UnitName): string => processes[unitNames.indexOf(unit)]!.output(),
    /** Starts a unit again that was stopped. */
    startAgain: async (unit: UnitName): Promise<void> => {
      processes[unitNames.indexOf(unit)] = await startProcess([unit], shared)
    },
    stop: async () => {
      await Promise.all(processes.map(({ child }) => endProcess(child)))
      await provider.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** The gateway, with settings of its own, over lines with weather to all subgraphs: each a proxy that a test tells what to do. */
export const startBehindProxies = async (env: Record<string, string>, clock?: Clock) => {
  const ports = await freePorts(subgraphNames.length)
  const urlsOf = (url: (index: number) => string) =>
    Object.fromEntries(subgraphNames.map((name, index) => [urlVariable(name), url(index)]))
  const direct = urlsOf((index) => `http://127.0.0.1:${ports[index]}/graphql`)
  const provider = await startProvider({ host: '127.0.0.1', port: 0, secret: providerSecret, file: null })
  const payments = { PROVIDER_URL: provider.url, PROVIDER_SECRET: providerSecret, PROVIDER_TIMEOUT_MS: '2000' }
  const inside = await startTogether({ ...direct, ...payments }, { units: [...subgraphNames, 'workers'], clock })
  const proxies = await Promise.all(ports.map(startProxy))
  const outside = readConfig(
    { ...quickEnv, ...soonTired, PORT: '0', ...env, ...urlsOf((index) => proxies[index]!.url) },
    ['gateway'],
  )
  const gateway = await startInProcess(outside, { clock })
  return {
    url: gateway.url!,
    callAs: inside.callAs,
    proxies: Object.fromEntries(subgraphNames.map((name, index) => [name, proxies[index]!])) as Record<
      SubgraphName,
      Awaited<ReturnType<typeof startProxy>>
    >,
    stop: async () => {
      await gateway.stop()
      await Promise.all(proxies.map((proxy) => proxy.stop()))
      await inside.stop()
      await provider.stop()
    },
  }
}

/** One shop with two gateways, each in front of a users unit of its own. What they share they share through the database and Redis. */
export const startTwice = async (env: Record<string, string>) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
  const [secondPort, ...ports] = await freePorts(1 + subgraphNames.length)
  const urls = subgraphNames.map((name, index) => [name, `http://127.0.0.1:${ports[index]}/graphql`] as const)
  const provider = await startProvider({ host: '127.0.0.1', port: 0, secret: providerSecret, file: null })
  const first = {
    ...quickEnv,
    PROVIDER_URL: provider.url,
    PROVIDER_SECRET: providerSecret,
    PROVIDER_TIMEOUT_MS: '2000',
    MONGODB_URL: inject('mongoUrl'),
    DATABASE_PREFIX: freshPrefix(),
    DATA_DIR: dataDir,
    PORT: '0',
    ...Object.fromEntries(urls.map(([name, url]) => [urlVariable(name), url])),
    ...env,
  }
  const second = { ...first, USERS_URL: `http://127.0.0.1:${secondPort}/graphql` }
  const parts = [await startInProcess(readConfig(first, [...subgraphNames, 'workers']))]
  await seed(parts[0]!.callAs('seed'))
  for (const [given, units] of [
    [second, ['users', 'workers']],
    [first, ['gateway']],
    [second, ['gateway']],
  ] as const)
    parts.push(await startInProcess(readConfig(given, units)))
  const [, , one, other] = parts
  const stop = async () => {
    for (const part of parts.toReversed()) await part.stop()
    await provider.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return {
    gateways: [
      { url: one!.url!, stop },
      { url: other!.url!, stop },
    ] as const,
    stop,
  }
}

const together = [inject('fleet') ? 'over a fleet' : 'in one process', startTogether] as const
const apart = ['as separate processes', startApart] as const

/** The ways to run the shop: the same stories hold in each. */
export const modes: readonly (typeof together | typeof apart)[] = inject('fleet') ? [together] : [together, apart]
