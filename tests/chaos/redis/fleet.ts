import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openReader, type StateReader } from '../../../commands/dumpState/take.ts'
import { fleetPorts, startFleet } from '../../../commands/fleet/fleet.ts'
import { findRedis } from '../../../commands/fleet/redis.ts'
import { readConfig } from '../../../platform/config.ts'
import { freePorts } from '../../ports.ts'
import { type RedisKind, startHeldRedis } from './servers.ts'

/** Two gateways, all subgraphs twice, two workers: six processes that share one Redis. */
const shape = { gateways: 2, each: 2, workers: 2, together: true }

/**
 * A fleet whose Redis we hold in our hands.
 * @throws Error when this machine has no Redis server.
 */
export const startSharingFleet = async (kind: RedisKind, logs: string | null) => {
  const program = findRedis()
  if (!program) throw new Error('There is no redis-server on this machine.')
  const dataDir = logs ?? (await mkdtemp(join(tmpdir(), 'emporion-redis-fleet-')))
  const redis = await startHeldRedis(kind, program)
  let reader: StateReader | null = null
  const stopSharing = async (): Promise<void> => {
    await redis.stop()
    if (logs === null) await rm(dataDir, { recursive: true, force: true })
  }
  try {
    const fleet = await startFleet({
      ...shape,
      ports: await freePorts(fleetPorts(shape)),
      dataDir,
      redis: false,
      env: {
        REDIS_URL: redis.url,
        SEED: 'on',
        // Everybody lives at one address, and stays for the whole run.
        ATTEMPTS_PER_ADDRESS: '1000000',
        COST_BUCKET: '1000000000',
        SOCKETS_PER_ADDRESS: '10000',
        ACCESS_TOKEN_SECONDS: '3600',
      },
    })
    return {
      ...redis,
      /** Where each gateway answers. */
      gateways: fleet.gateways.map(({ probeUrl }) => probeUrl),
      snapshot: async () => {
        reader ??= await openReader(readConfig(fleet.env, ['workers']))
        return reader.take()
      },
      stop: async (): Promise<void> => {
        await reader?.stop()
        await fleet.stop()
        await stopSharing()
      },
    }
  } catch (error) {
    await stopSharing()
    throw error
  }
}

export type SharingFleet = Awaited<ReturnType<typeof startSharingFleet>>
