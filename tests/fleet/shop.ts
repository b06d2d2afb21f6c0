import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { takeSnapshot } from '../../commands/dumpState/take.ts'
import { fleetPorts, startFleet } from '../../commands/fleet/fleet.ts'
import { readConfig } from '../../platform/config.ts'
import { startShop } from '../../shop.ts'
import { freePorts } from '../ports.ts'
import { freshPrefix } from '../subgraph.ts'

/** Two gateways, all subgraphs twice, one process of workers, real Redis: five processes, or a machine with two cores does nothing else. */
const shape = { gateways: 2, each: 2, workers: 1, together: true }

/** Settings of stories that look at one process: its port, its files, or bounds that each process counts for itself. */
const ofOneProcess = [
  'DATABASE_PREFIX',
  'DATA_DIR',
  'DRAIN_MS',
  'METRICS_PORT',
  'MONGODB_URL',
  'NODE_ENV',
  'PROVIDER_URL',
  'SOCKETS_PER_ADDRESS',
  'SUPERGRAPH_FILE',
  'TLS_CERT_FILE',
]

/** Whether a story may run over a fleet: `SHOP=fleet`, and it neither looks into a process nor gives it a clock of its own. */
export const mayBeFleet = (env: Readonly<Record<string, string>>, options: object): boolean =>
  inject('fleet') && Object.keys(options).length === 0 && !ofOneProcess.some((name) => name in env)

/** The shop as a fleet, for stories that know only its front. */
export const startFleetShop = async (env: Readonly<Record<string, string>>) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
  const fleet = await startFleet({
    ...shape,
    ports: await freePorts(fleetPorts(shape)),
    dataDir,
    mongoUrl: inject('mongoUrl'),
    env: {
      DATABASE_PREFIX: freshPrefix(),
      DRAIN_MS: '0',
      // The secret of development, with which stories sign their webhooks.
      PROVIDER_SECRET: readConfig({}).providerSecret,
      ...env,
      SEED: 'on',
    },
  })
  const beside = await startShop(readConfig(fleet.env, ['users', 'products', 'pricing']), { attach: true })
  return {
    url: fleet.url,
    callAs: beside.callAs,
    metricsUrl: null,
    provider: fleet.provider,
    snapshot: () => takeSnapshot(readConfig(fleet.env, ['workers'])),
    stop: async (): Promise<void> => {
      await beside.stop()
      await fleet.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
