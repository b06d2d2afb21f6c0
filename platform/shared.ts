import { type Clock, systemClock } from '#kernel/time.ts'
import { makeMemoryBus } from './bus/memory.ts'
import { makeRedisBus } from './bus/redis.ts'
import { makeMemoryCache } from './cache/memory.ts'
import { makeRedisCache } from './cache/redis.ts'
import type { Config } from './config.ts'
import { makeMemoryLimiter } from './limiter/memory.ts'
import { makeRedisLimiter } from './limiter/redis.ts'
import type { Log } from './log.ts'
import { makeMemoryQueue } from './queue/memory.ts'
import { makeRedisQueue } from './queue/redis.ts'
import { startRedis } from './redis.ts'

export interface SharedDeps {
  readonly config: Pick<Config, 'redis' | 'databasePrefix'>
  readonly log: Log
  /** A clock of tests, by which limits are then counted instead of by the time of Redis. */
  readonly given?: Clock
}

/** What processes share through Redis, or keep each for itself when there is none. */
export const makeShared = async ({ config, log, given }: SharedDeps) => {
  const clock = given ?? systemClock
  const local = makeMemoryLimiter(clock)
  if (!config.redis) {
    const parts = { bus: makeMemoryBus(), cache: makeMemoryCache(clock), limiter: local }
    return { name: 'shared', ...parts, makeQueue: () => makeMemoryQueue(), stop: async () => undefined }
  }
  const redis = await startRedis({ address: config.redis, prefix: config.databasePrefix, log })
  const limiter = makeRedisLimiter({ redis, local, clock: given })
  const parts = { bus: await makeRedisBus(redis), cache: makeRedisCache(redis, clock), limiter }
  return { name: 'shared', ...parts, makeQueue: () => makeRedisQueue({ redis }), stop: redis.stop }
}

export type Shared = Awaited<ReturnType<typeof makeShared>>
