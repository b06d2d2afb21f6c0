import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { takeSnapshot } from '../commands/dumpState/take.ts'
import { seed } from '../commands/seed/seed.ts'
import { readConfig, subgraphNames, type UnitName } from '../platform/config.ts'
import { startProvider } from '../provider/server.ts'
import { startShop as startInProcess } from '../shop.ts'
import { endProcess, freePorts, providerSecret, quickEnv, startProcess } from './shop.ts'
import { freshPrefix } from './subgraph.ts'

/** Units that write orders, stock and money: one process that is killed, while gateway and the rest live on in this one. */
const mortalUnits = ['products', 'orders', 'payments', 'workers'] as const satisfies readonly UnitName[]

/** A shop of which those who write can be told to die. */
export const startMortal = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
  const ports = await freePorts(subgraphNames.length)
  const provider = await startProvider({ host: '127.0.0.1', port: 0, secret: providerSecret, file: null })
  const shared = {
    ...quickEnv,
    LOG_LEVEL: 'silent',
    PROVIDER_URL: provider.url,
    PROVIDER_SECRET: providerSecret,
    MONGODB_URL: inject('mongoUrl'),
    DATABASE_PREFIX: freshPrefix(),
    DATA_DIR: dataDir,
    PORT: '0',
    NODE_COMPILE_CACHE: join(dataDir, 'compiled'),
    ...Object.fromEntries(
      subgraphNames.map((name, index) => [`${name.toUpperCase()}_URL`, `http://127.0.0.1:${ports[index]}/graphql`]),
    ),
  }
  const living = await startInProcess(readConfig(shared, ['gateway', 'users', 'pricing', 'cart']))
  provider.deliverTo(`${living.url}/webhooks/payments/sandbox`)
  let mortal = startProcess(mortalUnits, shared)
  const first = await mortal
  const seeder = await startInProcess(readConfig(shared, ['users', 'products', 'pricing']), { attach: true })
  await seed(seeder.callAs('seed'))
  await seeder.stop()
  let before: ChildProcess = first.child
  return {
    url: living.url!,
    callAs: living.callAs,
    whenOpen: async (): Promise<void> => void (await mortal),
    /** Ends the present process and starts the next, which will die at this point: `died` tells by which signal. */
    doom: async (point: string | null): Promise<{ died: Promise<string | null> }> => {
      await endProcess(before, 'SIGKILL')
      mortal = startProcess(mortalUnits, { ...shared, ...(point && { CRASH_AT: `${point}:kill` }) })
      const { child } = await mortal
      before = child
      return { died: new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal))) }
    },
    snapshot: () => takeSnapshot(readConfig(shared, ['workers'])),
    stop: async () => {
      await endProcess(before)
      await living.stop()
      await provider.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
