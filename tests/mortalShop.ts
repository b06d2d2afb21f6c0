import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { takeSnapshot } from '../commands/dumpState/take.ts'
import { seed } from '../commands/seed/seed.ts'
import { readConfig } from '../platform/config.ts'
import { startProvider } from '../provider/server.ts'
import { startShop as startInProcess } from '../shop.ts'
import { freePorts } from './ports.ts'
import { endProcess, providerSecret, quickEnv, startProcess } from './shop.ts'
import { freshPrefix } from './subgraph.ts'

/** A shop in one process of its own that can be told to die; the database and the payment provider live on. */
export const startMortal = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
  const [port] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const provider = await startProvider({ host: '127.0.0.1', port: 0, secret: providerSecret, file: null })
  provider.deliverTo(`${url}/webhooks/payments/sandbox`)
  const env = {
    ...quickEnv,
    LOG_LEVEL: 'silent',
    PROVIDER_URL: provider.url,
    PROVIDER_SECRET: providerSecret,
    MONGODB_URL: inject('mongoUrl'),
    DATABASE_PREFIX: freshPrefix(),
    DATA_DIR: dataDir,
    PORT: String(port),
    NODE_COMPILE_CACHE: join(dataDir, 'compiled'),
  }
  const beside = await startInProcess(readConfig(env, ['users', 'products', 'pricing']), { attach: true })
  await seed(beside.callAs('seed'))
  let life = startProcess([], env)
  let child: ChildProcess = (await life).child
  return {
    url,
    callAs: beside.callAs,
    whenOpen: async (): Promise<void> => void (await life),
    /** Ends the present process and starts the next, which will die at this point: `died` tells by which signal. */
    doom: async (point: string | null): Promise<{ died: Promise<string | null> }> => {
      await endProcess(child, 'SIGKILL')
      life = startProcess([], { ...env, ...(point && { CRASH_AT: `${point}:kill` }) })
      const next = (await life).child
      child = next
      return { died: new Promise((resolve) => next.once('exit', (_, signal) => resolve(signal))) }
    },
    snapshot: () => takeSnapshot(readConfig(env, ['workers'])),
    stop: async () => {
      await endProcess(child)
      await beside.stop()
      await provider.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
