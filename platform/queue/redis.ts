import { randomUUID } from 'node:crypto'
import { type Millis, minutes, seconds } from '#kernel/time.ts'
import { makeScript, type Redis } from '../redis.ts'
import { RedisAway } from '../redisPresence.ts'
import { type Attempt, type LinesOptions, type Look, makeLines } from './lines.ts'
import { afterFailure, ordinaryRetries, type Queue, type RetryPolicy } from './queue.ts'

/** Milliseconds of Redis: the same for all processes. */
const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`

/**
 * Claims a job, unless another process holds it, it pauses, or its result is known. A claim that was not renewed is over: its process is
 * gone, which counts as an attempt. A held job may be done at any moment, so it is looked at again soon. ARGV: token, lease, most attempts, how long a result of this is known.
 */
const claimScript = makeScript(`${now}
local kept = redis.call('HMGET', KEYS[1], 'state', 'until', 'tries', 'reason')
local state, tries = kept[1], tonumber(kept[3] or 0)
if state == 'done' or state == 'dead' then return {state, 0, kept[4] or ''} end
local wait = state and tonumber(kept[2]) - now or 0
if wait > 0 and state == 'held' then return {'wait', math.min(wait, 100), ''} end
if wait > 0 then return {'wait', wait, ''} end
if state == 'held' then tries = tries + 1 end
if tries >= tonumber(ARGV[3]) then
  redis.call('HSET', KEYS[1], 'state', 'dead', 'reason', 'its process was lost each time')
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return {'dead', 0, 'its process was lost each time'}
end
redis.call('HSET', KEYS[1], 'state', 'held', 'token', ARGV[1], 'until', string.format('%.0f', now + ARGV[2]), 'tries', tries)
redis.call('PEXPIRE', KEYS[1], ARGV[2] + 3600000)
return {'mine', tries, ''}`)

/** Writes down what came of a job, or holds it longer, if the claim is still ours. ARGV: token, state, for how long, tries, reason. */
const settleScript = makeScript(`${now}
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'state') ~= 'held' then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[2], 'until', string.format('%.0f', now + ARGV[3]), 'reason', ARGV[5])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'tries', ARGV[4]) end
local known = tonumber(ARGV[3])
if ARGV[2] == 'held' or ARGV[2] == 'paused' then known = known + 3600000 end
redis.call('PEXPIRE', KEYS[1], math.ceil(known))
return 1`)

/** How long a result is known: a relay that read the outbox before it was written there adds the job once more. */
const knownFor = { done: minutes(1), dead: seconds(10) }
/** While Redis is away nothing is claimed: relays wait, and the outbox keeps (rule R12). */
const away: Attempt = { status: 'again', after: 500 }

export interface RedisQueueOptions extends Pick<LinesOptions, 'pause' | 'maxWaiting'> {
  readonly redis: Redis
  readonly random?: () => number
  readonly retries?: RetryPolicy
  /** How long a process may be silent before another one takes over its job: no longer than one of the timetable waits (ADR 0026). */
  readonly leaseMs?: Millis
}

type Claim =
  | Exclude<Attempt, { status: 'again' }>
  | { readonly status: 'wait'; readonly ms: Millis }
  | { readonly status: 'mine'; readonly token: string; readonly tries: number }

const makeClaims = (redis: Redis, leaseMs: Millis) => {
  const settle = async (key: string, token: string, args: readonly (string | number)[]): Promise<boolean> =>
    (await redis.run(settleScript, key, [token, ...args])) === 1
  return {
    take: async (key: string, attempts: number): Promise<Claim> => {
      const token = randomUUID()
      const reply = await redis.run(claimScript, key, [token, leaseMs, attempts, knownFor.dead])
      const [status, number, reason] = reply as [string, number, string]
      if (status === 'mine') return { status, token, tries: number }
      if (status === 'wait') return { status, ms: number }
      return status === 'dead' ? { status, reason } : { status: 'done' }
    },
    renew: (key: string, token: string) => settle(key, token, ['held', leaseMs, '', '']),
    /** False when another process has taken over. */
    settle: (key: string, token: string, tries: number, outcome: Attempt): Promise<boolean> => {
      if (outcome.status === 'again') return settle(key, token, ['paused', Math.ceil(outcome.after), tries, ''])
      const reason = outcome.status === 'dead' ? outcome.reason.slice(0, 500) : ''
      return settle(key, token, [outcome.status, knownFor[outcome.status], tries, reason])
    },
  }
}

/**
 * A queue whose jobs are shared by processes. Every process adds what its relay finds in the outboxes; Redis knows who works on what, how
 * often it failed and how it ended, by the id of the job, and never holds the job itself: a Redis that forgets loses nothing.
 */
export const makeRedisQueue = (options: RedisQueueOptions): Queue => {
  const { redis, random = Math.random, retries: own = ordinaryRetries, leaseMs = seconds(10) } = options
  const claims = makeClaims(redis, leaseMs)

  const handle = async ({ job, handler, retries = own }: Look, tries: number): Promise<Attempt> => {
    try {
      await handler(job)
      return { status: 'done' }
    } catch (error) {
      return afterFailure(error, { tries, retries, random })
    }
  }

  const holding = async (key: string, token: string, work: () => Promise<Attempt>): Promise<Attempt> => {
    const timer = setInterval(() => void claims.renew(key, token).catch(() => false), leaseMs / 3)
    try {
      return await work()
    } finally {
      clearInterval(timer)
    }
  }

  const attempt = async (look: Look): Promise<Attempt> => {
    const key = redis.key(`job:${look.queue}:${look.job.id}`)
    const claim = await claims.take(key, (look.retries ?? own).attempts)
    if (claim.status === 'wait') return { status: 'again', after: claim.ms }
    if (claim.status !== 'mine') return claim
    const tries = claim.tries + 1
    const outcome = await holding(key, claim.token, () => handle(look, tries))
    // It is done even if that cannot be told: this process takes it out of the outbox, where all look first.
    const isOurs = await claims.settle(key, claim.token, tries, outcome).catch(() => true)
    return isOurs ? outcome : { status: 'again', after: 0 }
  }

  const orWait = async (look: Look): Promise<Attempt> => {
    try {
      return await attempt(look)
    } catch (error) {
      if (error instanceof RedisAway) return away
      throw error
    }
  }
  return makeLines({ ...options, attempt: orWait })
}
