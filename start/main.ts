import { flushCompileCache } from 'node:module'
import { ConfigError, readConfig } from '#platform/config.ts'
import { crashPoints } from '#platform/crashPoint.ts'
import { DatabaseUnreachable } from '#platform/databaseUnreachable.ts'
import { EmbeddedRefused } from '#platform/embedded.ts'
import { KeyError } from '#platform/keys.ts'
import { CannotListen } from '#platform/listen.ts'
import { MailServerRefused } from '#platform/mailServerRefused.ts'
import { RedisRefused } from '#platform/redisConnection.ts'
import { demoAccounts, seedIfEmpty } from '../commands/seed/firstStart.ts'
import { loadAll } from '../shop/loadAll.ts'
import { type Shop, startShop } from '../shop.ts'

const banner = (shop: Shop, production: boolean, shopWasSeeded: boolean): string => {
  const { url, metricsUrl, embedded, provider } = shop
  const lines = [
    '',
    `  Emporion is open after ${(performance.now() / 1_000).toFixed(1)} s`,
    '',
    ...(url ? [`  GraphQL           ${url}/graphql`] : []),
    ...(url && !production ? [`  Start here        ${url}/`, `  Explorer          ${url}/graphiql`] : []),
    ...(metricsUrl ? [`  Metrics           ${metricsUrl}`] : []),
    ...(embedded ? [`  Database          embedded, for development only (process ${embedded.pid})`] : []),
    ...(provider ? [`  Payments          sandbox provider at ${provider.url}`] : []),
    ...(shopWasSeeded ? ['  Catalogue         seeded with the demo products'] : []),
    ...(url && embedded
      ? demoAccounts.map(({ role, email, password }) => `  ${role.padEnd(17)} ${email} / ${password}`)
      : []),
    ...(url && embedded ? ['', '  npm run tour      a buyer and a seller try everything'] : []),
    '',
  ]
  return lines.join('\n')
}

const mistakes = [
  ConfigError,
  KeyError,
  CannotListen,
  DatabaseUnreachable,
  RedisRefused,
  EmbeddedRefused,
  MailServerRefused,
]

/** Mistakes of whoever starts the shop get their sentence, faults of ours get a stack. */
const explain = (error: unknown): string => {
  const mistake = mistakes.some((kind) => error instanceof kind)
  return error instanceof Error ? (mistake ? error.message : (error.stack ?? error.message)) : String(error)
}

/** Another program in the same place: see `../gateway/open.ts`. */
const startOpen = async (args: readonly string[]): Promise<void> => {
  const { readOpenArguments, startOpenGateway } = await import('../gateway/open.ts')
  const file = readOpenArguments(args)
  const gateway = await startOpenGateway(file, readConfig(process.env, ['gateway']))
  const stop = async (): Promise<void> => {
    await gateway.stop()
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  console.log(`\n  Emporion is open to anybody, over ${file}\n\n  GraphQL           ${gateway.url}\n`)
}

const listCrashPoints = (): void => {
  for (const [name, meaning] of Object.entries(crashPoints)) console.log(`${name}  ${meaning}`)
}

/**
 * Whoever starts this process with an IPC channel (`npm run fleet`, the tests) takes it along when it ends, even by SIGKILL. Without a
 * channel, as under Docker or systemd, this never settles.
 */
const parentGone = new Promise<void>((resolve) => process.once('disconnect', resolve))

const run = async (args: readonly string[]): Promise<void> => {
  if (args.includes('--list-crash-points')) return listCrashPoints()
  if (args.includes('--compile-ahead')) return loadAll()
  if (args.some((arg) => arg.startsWith('--'))) return startOpen(args)
  const config = readConfig(process.env, args)
  let seeded = false
  // The catalogue is complete before the first question can come.
  const fill = async (callAs: Shop['callAs']): Promise<void> => {
    if (config.seed && config.units.includes('products')) seeded = await seedIfEmpty(callAs('seed'))
  }
  const shop = await startShop(config, { beforeOpening: fill })
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1)
    stopping = true
    await shop.stop()
    process.exit(0)
  }
  // Whoever watches over this process starts it again; the embedded database then finds all that it had acknowledged.
  void shop.lost.then(async ({ message }) => {
    console.error(`${message} The shop stops.`)
    await shop.stop()
    process.exit(1)
  })
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  void parentGone.then(stop)
  // From a terminal it means that the terminal is gone.
  if (!process.stdin.isTTY) process.on('SIGHUP', shop.reload)
  // At once, and not at the end: who is killed would leave nothing to whoever takes the place.
  flushCompileCache()
  console.log(banner(shop, config.production, seeded))
}

/** Starts what the arguments of the command line ask for. A mistake is told, and ends the process with 1. */
export const main = async (): Promise<void> => {
  try {
    await run(process.argv.slice(2))
  } catch (error) {
    console.error(explain(error))
    process.exit(1)
  }
}
