import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, inject } from 'vitest'
import { takeSnapshot } from '../../commands/dumpState/take.ts'
import { fleetPorts, startFleet } from '../../commands/fleet/fleet.ts'
import { readConfig } from '../../platform/config.ts'
import { startShop } from '../../shop.ts'
import { freePorts } from '../ports.ts'
import { freshPrefix } from '../subgraph.ts'
import { noteStory, type Place } from './notes.ts'

/** Two gateways, all subgraphs twice, one process of workers, real Redis: five processes, or a machine with two cores does nothing else. */
const shape = { gateways: 2, each: 2, workers: 1, together: true }

/** What a story may ask for that only one process can give it: settings and options, each with the reason. */
const ofOneProcess: Readonly<Record<string, string>> = {
  clock: 'it gives the shop a clock of its own',
  log: 'it reads what the process logs',
  onCommand: 'it looks at the commands of the process to the database',
  units: 'it chooses what runs in the process',
  DATA_DIR: 'it looks into the files of the process',
  DRAIN_MS: 'it watches one process drain',
  METRICS_PORT: 'it reads the metrics of one process',
  NODE_ENV: 'it is about the settings of one process',
  SUPERGRAPH_FILE: 'it replaces the graph of one gateway',
  TLS_CERT_FILE: 'the front of a fleet probes its gateways without TLS',
}

const note = (place: Place, reason: string): void => {
  const story = relative(join(import.meta.dirname, '../..'), expect.getState().testPath ?? '')
  noteStory(inject('fleetNotes'), { story, place, reason })
}

/** Whether a story runs over a fleet: with `SHOP=fleet`, unless it needs one process. The end of the run tells of either. */
export const isForFleet = (
  env: Readonly<Record<string, string>>,
  { here, ...options }: { readonly here?: string },
): boolean => {
  if (!inject('fleet')) return false
  const asked = Object.entries({ ...env, ...options }).flatMap(([name, value]) => (value && ofOneProcess[name]) || [])
  const reasons = here ? [here, ...asked] : asked
  note(reasons.length === 0 ? 'fleet' : 'one process', reasons.join(', '))
  return reasons.length === 0
}

/** True over a fleet: for tests of a story that says nothing there. The end of the run tells why. */
export const isLeftOut = (reason: string): boolean => {
  if (inject('fleet')) note('left out', reason)
  return inject('fleet')
}

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
