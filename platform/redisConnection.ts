import { Redis as Client, Cluster, Command, type RedisOptions } from 'ioredis'
import { seconds } from '#kernel/time.ts'
import type { RedisAddress } from './config/redis.ts'

export type Connection = Client | Cluster

/** What adapters use; the same on one server and in a Cluster, because each command has one key. */
export type RedisCommands = Pick<Client, 'get' | 'set' | 'unlink' | 'eval' | 'evalsha'>

/** Parameters table: timeouts, Redis. */
const commandTimeout = 250
/** A connection on which nothing comes back for so long is given up: its other end may be gone without a word. */
export const silence = seconds(5)

/** Full jitter (parameters table: retries); there is no last try. */
const retryDelay = (times: number): number => Math.ceil(Math.random() * Math.min(2_000, 50 * 2 ** Math.min(times, 10)))

const optionsOf = ({ tls, username, password, db }: RedisAddress): RedisOptions => ({
  ...(username && { username }),
  ...(password && { password }),
  ...(tls && { tls: {} }),
  db,
  commandTimeout,
  connectTimeout: seconds(1),
  socketTimeout: silence,
  keepAlive: silence,
  // Who hangs does not close its end either.
  disconnectTimeout: commandTimeout,
  // Nothing waits for Redis to come back: whoever asks hears at once that it is away. A command that may have been done is not sent again.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // Nobody would hear that its own try has failed, and the process would end of it: `listen` subscribes anew.
  autoResubscribe: false,
  // A login that may do what `deploy/redis/users.acl` lists is asked for nothing more.
  disableClientInfo: true,
})

/** A connection that goes on trying for ever, to whatever the address means. */
export const connect = (address: RedisAddress): Connection => {
  const { kind, nodes, tls, master, sentinelLogin } = address
  const options = optionsOf(address)
  if (kind === 'cluster') {
    return new Cluster([...nodes], {
      redisOptions: options,
      enableOfflineQueue: false,
      clusterRetryStrategy: retryDelay,
      slotsRefreshTimeout: seconds(1),
      // Nothing is sent again or waits for a node: who has which keys is asked when one is away, and from time to time.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      slotsRefreshInterval: silence,
      // Certificates name hosts: asking the resolver first would leave only addresses to compare them with.
      ...(tls && { dnsLookup: (host: string, done: (error: null, address: string) => void) => done(null, host) }),
    })
  }
  const shared = { ...options, enableOfflineQueue: false, retryStrategy: retryDelay }
  if (kind === 'server') return new Client({ ...shared, ...nodes[0] })
  return new Client({
    ...shared,
    sentinels: [...nodes],
    name: master,
    sentinelRetryStrategy: retryDelay,
    sentinelCommandTimeout: seconds(1),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
    ...(sentinelLogin?.username && { sentinelUsername: sentinelLogin.username }),
    ...(sentinelLogin?.password && { sentinelPassword: sentinelLogin.password }),
  })
}

/** The node that has a key, as `host:port`; empty where there is one only, and as long as nothing is known of a Cluster. */
export const nodeOf = (connection: Connection, key: string): string => {
  if (!(connection instanceof Cluster)) return ''
  return connection.slots[new Command('get', [key]).getSlot() ?? 0]?.[0] ?? ''
}

/** Asks who has taken the place of a node that does not answer. */
export const lookAgain = (connection: Connection): void => {
  if (connection instanceof Cluster) connection.refreshSlotsCache()
  // The connection to a master that hangs, or lives on as a replica, stays as it is; the Sentinels are asked before there is another.
  else if ('sentinels' in connection.options && connection.status === 'ready') connection.disconnect(true)
}

/** Tells a channel through the node that would have it as a key: whoever knows that this one is away need not try. */
export const publish = async (connection: Connection, channel: string, message: string): Promise<unknown> => {
  if (!(connection instanceof Cluster)) return connection.publish(channel, message)
  const name = nodeOf(connection, channel)
  const node = connection.nodes('master').find(({ options }) => `${options.host}:${options.port}` === name)
  if (!node) throw new Error('the node of the channel is not there')
  return node.publish(channel, message)
}

/** Redis is there and does not let us in: that does not mend itself, and would otherwise look like one that is away for ever. */
export class RedisRefused extends Error {
  override readonly name = 'RedisRefused'
}

/** What it says about who we are; a Sentinel's or a node's word for it comes in the middle of a sentence of the client. */
const refusal = /\b(?:NOAUTH|WRONGPASS|NOPERM|ERR invalid password)\b.*/

/** Its reason as a sentence. */
const refusalIn = ({ message }: Error): string | undefined => refusal.exec(message)?.[0].replace(/\.?$/, '.')

/**
 * Calls `refused` with the sentence about who does not let us in. One Sentinel or node of several that refuses is no reason to end:
 * only when none of them can be had.
 */
export const hearRefusal = (
  connection: Connection,
  address: RedisAddress,
  refused: (sentence: string) => void,
): void => {
  const where = address.nodes.map(({ host, port }) => `${host}:${port}`).join(',')
  let ofOne: string | undefined
  connection.on('sentinelError', (error: Error) => {
    const reason = refusalIn(error)
    if (reason) ofOne = `The Sentinel of Redis at ${where} refuses us: ${reason} Check sentinelPassword in REDIS_URL.`
  })
  const atRedis = (reason: string): string => `Redis at ${where} refuses us: ${reason} Check REDIS_URL.`
  connection.on('node error', (error: Error) => {
    const reason = refusalIn(error)
    if (reason) ofOne = atRedis(reason)
  })
  connection.on('error', (error: Error) => {
    const own = refusalIn(error)
    const sentence = ofOne ?? (own && atRedis(own))
    if (sentence) refused(sentence)
  })
}
