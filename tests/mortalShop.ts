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
import { endProcess, providerSecret, quickEnv, spawnShop } from './shop.ts'
import { freshPrefix } from './subgraph.ts'

/** A shop in one process of its own that can be told to die; the database and the payment provider live on. */
export const startMortal = async (settings: Record<string, string> = {}) => {
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
    ...settings,
  }
  const beside = await startInProcess(readConfig(env, ['users', 'products', 'pricing']), { attach: true })
  await seed(beside.callAs('seed'))
  let life = spawnShop([], env)
  /** Settles when the next life begins. */
  let reborn = Promise.withResolvers<void>()
  return {
    url,
    callAs: beside.callAs,
    /** Settles while it is open. One that dies before it opens is as dead as any other. */
    whenOpen: async (): Promise<void> => {
      for (;;) {
        const [own, next] = [life, reborn.promise]
        const isOpen = await Promise.race([own.opened.then(() => true), own.ended.then(() => false)])
        if (isOpen && own === life) return
        if (!isOpen) await next
      }
    },
    /** Ends the present process and starts the next, which will die at this point: `died` tells by which signal, or what it has printed. */
    doom: async (point: string | null): Promise<{ died: Promise<string> }> => {
      await endProcess(life.child, 'SIGKILL')
      const next = spawnShop([], { ...env, ...(point && { CRASH_AT: `${point}:kill` }) })
      life = next
      reborn.resolve()
      reborn = Promise.withResolvers()
      return { died: next.ended.then(() => next.child.signalCode ?? next.output()) }
    },
    snapshot: () => takeSnapshot(readConfig(env, ['workers'])),
    stop: async () => {
      await endProcess(life.child)
      await beside.stop()
      await provider.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
