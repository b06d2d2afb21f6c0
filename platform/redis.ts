import { createHash } from 'node:crypto'
import { type Clock, seconds, systemClock } from '#kernel/time.ts'
import type { RedisAddress } from './config/redis.ts'
import { faultFields, type Log } from './log.ts'
import { type Connection, connect, hearRefusal, type RedisCommands, RedisRefused, silence } from './redisConnection.ts'
import { makeRedisPresence } from './redisPresence.ts'

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
  /** @throws RedisAway after at most 250 ms, and at once while Redis is left alone because it failed or was slow: nobody who asks tries it. */
  ask<T>(work: (commands: RedisCommands) => Promise<T>): Promise<T>
  /** Runs a script on one key. @throws RedisAway like `ask`. */
  run(script: Script, key: string, args: readonly (string | number)[]): Promise<unknown>
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
  const open = (role: string): Connection => {
    const client = connect(address)
    hearRefusal(client, address, refused.resolve)
    // Every failed attempt tells of itself; what matters is told once, by the breaker.
    client.on('error', (error: Error) => {
      log.debug('a connection to Redis failed', { step: role, ...faultFields(error) })
    })
    clients.push(client)
    return client
  }
  const commands = open('commands')
  const presence = makeRedisPresence({ clock, log, ping: () => commands.ping() })
  const ask: Redis['ask'] = (work) => presence.ask(() => work(commands))

  const run: Redis['run'] = (script, key, args) =>
    ask(async (client) => {
      try {
        return await client.evalsha(script.sha, 1, key, ...args)
      } catch (error) {
        // A server that was restarted knows no scripts.
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
        return client.eval(script.lua, 1, key, ...args)
      }
    })

  const timers: NodeJS.Timeout[] = []
  const listen: Redis['listen'] = async (channel, hear) => {
    const client = open('listening')
    client.on('message', (_channel: string, message: string) => hear(message))
    const subscribe = async (): Promise<void> => {
      try {
        await client.subscribe(channel)
      } catch (error) {
        log.debug('a channel of Redis could not be heard', faultFields(error))
        client.disconnect(true)
      }
    }
    const subscribed = Promise.withResolvers<void>()
    client.on('ready', () => void subscribe().then(subscribed.resolve))
    // Nobody else speaks on this connection, so that its end would not be noticed.
    const timer = setInterval(() => {
      if (client.status === 'ready') client.ping().catch(() => client.disconnect(true))
    }, silence)
    timers.push(timer.unref())
    await within(startWithin, subscribed.promise)
  }

  const stop = async (): Promise<void> => {
    presence.stop()
    for (const timer of timers) clearInterval(timer)
    for (const client of clients) client.disconnect()
  }
  const isThere = await within(startWithin, Promise.race([isReady(commands), refused.promise]))
  if (!isThere) presence.wasNotReached()
  else if (commands.status !== 'ready') {
    await stop()
    throw new RedisRefused(await refused.promise)
  }
  return {
    name: 'redis',
    key: (name) => prefix + name,
    ask,
    run,
    listen,
    stop,
  }
}
