import { createHash } from 'node:crypto'
import { type Clock, seconds, systemClock } from '#kernel/time.ts'
import type { RedisAddress } from './config/redis.ts'
import { faultFields, type Log } from './log.ts'
import {
  type Connection,
  connect,
  hearRefusal,
  publish,
  type RedisCommands,
  RedisRefused,
  silence,
} from './redisConnection.ts'
import { makeRedisNodes } from './redisNodes.ts'

/** A Lua script: one step that nothing comes between. */
export interface Script {
  readonly lua: string
  readonly sha: string
}

export const makeScript = (lua: string): Script => ({ lua, sha: createHash('sha1').update(lua).digest('hex') })

export interface Redis {
  readonly name: 'redis'
  /** A key or channel of this shop: shops and tests can share a server. */
  key(name: string): string
  /**
   * Does something with one key. @throws RedisAway after at most 250 ms, and at once while the node that has the key is left alone
   * because it failed or was slow: nobody who asks tries it.
   */
  ask<T>(key: string, work: (commands: RedisCommands) => Promise<T>): Promise<T>
  /** Runs a script on one key. @throws RedisAway like `ask`. */
  run(script: Script, key: string, args: readonly (string | number)[]): Promise<unknown>
  /** Tells a channel. @throws RedisAway like `ask`. */
  publish(channel: string, message: string): Promise<unknown>
  /** Hears a channel over a connection of its own, and again after each reconnect; what is said meanwhile is missed. */
  listen(channel: string, hear: (message: string) => void): Promise<void>
  stop(): Promise<void>
}

/** How long the start waits for Redis; the shop opens without it all the same. */
const startWithin = seconds(1)

const isReady = (client: Connection): Promise<void> =>
  new Promise((resolve) => {
    if (client.status === 'ready') resolve()
    else client.once('ready', () => resolve())
  })

/** True when the work was done in time. */
const within = async (ms: number, work: Promise<unknown>): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, ms, false)
  try {
    return await Promise.race([promise, work.then(() => true)])
  } finally {
    clearTimeout(timer)
  }
}

export interface RedisDeps {
  readonly address: RedisAddress
  readonly prefix: string
  readonly log: Log
  readonly clock?: Clock
}

/**
 * Connects, and goes on trying for ever. Resolves when Redis is there, or without it after a second.
 * @throws RedisRefused when it does not take our credentials.
 */
export const startRedis = async ({ address, prefix, log, clock = systemClock }: RedisDeps): Promise<Redis> => {
  const clients: Connection[] = []
  const refused = Promise.withResolvers<string>()
  let lastError: unknown = null
  const open = (role: string): Connection => {
    const client = connect(address)
    hearRefusal(client, address, refused.resolve)
    // Every failed attempt tells of itself; what matters is told once, by the breaker.
    client.on('error', (error: Error) => {
      lastError = error
      log.debug('a connection to Redis failed', { step: role, ...faultFields(error) })
    })
    clients.push(client)
    return client
  }
  const commands = open('commands')
  const listeners: (() => Promise<void>)[] = []
  const checkListeners = (): void => {
    for (const check of listeners) void check()
  }
  const nodes = makeRedisNodes({ commands, clock, log, onAway: checkListeners })
  const ask: Redis['ask'] = (key, work) => nodes.presenceOf(key).ask(() => work(commands))

  const run: Redis['run'] = (script, key, args) =>
    ask(key, async (client) => {
      try {
        return await client.evalsha(script.sha, 1, key, ...args)
      } catch (error) {
        // A server that was restarted knows no scripts.
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
        return client.eval(script.lua, 1, key, ...args)
      }
    })

  // Nobody else speaks on the connections that listen, so that their end would not be noticed.
  const timer = setInterval(checkListeners, silence).unref()
  const listen: Redis['listen'] = async (channel, hear) => {
    const client = open('listening')
    client.on('message', (_channel: string, message: string) => hear(message))
    const subscribe = async (): Promise<void> => {
      // In a Cluster the client puts no time limit on it.
      const isHeard = await within(seconds(1), client.subscribe(channel)).catch((error: unknown) => {
        log.debug('a channel of Redis could not be heard', faultFields(error))
        return false
      })
      if (!isHeard) client.disconnect(true)
    }
    const subscribed = Promise.withResolvers<void>()
    client.on('ready', () => void subscribe().then(subscribed.resolve))
    // To subscribe again changes nothing, and asks the very connection that listens.
    listeners.push(async () => {
      if (client.status === 'ready') await subscribe()
    })
    await within(startWithin, subscribed.promise)
  }

  const stop = async (): Promise<void> => {
    nodes.stop()
    clearInterval(timer)
    for (const client of clients) client.disconnect()
  }
  const isThere = await within(startWithin, Promise.race([isReady(commands), refused.promise]))
  // Made now, so that an outage is noticed and told also when nobody asks.
  const presence = nodes.presenceOf(prefix)
  if (!isThere) presence.wasNotReached(lastError)
  else if (commands.status !== 'ready') {
    await stop()
    throw new RedisRefused(await refused.promise)
  }
  return {
    name: 'redis',
    key: (name) => prefix + name,
    ask,
    run,
    publish: (channel, message) => nodes.presenceOf(channel).ask(() => publish(commands, channel, message)),
    listen,
    stop,
  }
}
