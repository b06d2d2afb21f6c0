import type { Clock } from '#kernel/time.ts'
import { seconds } from '#kernel/time.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { faultFields, type Log } from '#platform/log.ts'
import type { Identity } from '../auth.ts'
import { type Closing, closings } from './closings.ts'

/** Sockets of an ended session are closed within two of these. */
const askEvery = seconds(1)
/** Each session is looked at itself after so many questions, which is sooner than after 30 s. */
const questionsPerRound = 25

interface Watched {
  readonly expiresAt: number
  readonly roles: string
  readonly over: (closing: Closing) => void
}

interface News {
  readonly asOf: string
  readonly ended: readonly string[]
  readonly states: readonly { readonly id: string; readonly active: boolean; readonly roles: readonly string[] }[]
}

const query = /* GraphQL */ `query ($since: DateTime, $check: [ID!]!) {
  sessionNews(since: $since, check: $check) { asOf ended states { id active roles } }
}`

const rolesOf = ({ viewer }: Identity): string => (viewer.kind === 'user' ? viewer.roles.join(' ') : '')

export interface SessionWatchDeps {
  readonly call: SubgraphCaller
  readonly clock: Clock
  readonly log: Log
}

/**
 * Says when those who are connected may no longer be: their token has expired, their session has ended, their roles have changed.
 * One question a second for all sockets of this process: which sessions have ended since the last one, and, some at a time, whether
 * each of ours still stands. When users does not answer, the signed token alone counts until it ends, like over HTTP.
 */
export const makeSessionWatch = ({ call, clock, log }: SessionWatchDeps) => {
  const bySession = new Map<string, Set<Watched>>()
  let since: string | null = null
  let asking = false

  const tell = (sessionId: string, closing: Closing, whom: (watched: Watched) => boolean = () => true): void => {
    for (const watched of bySession.get(sessionId) ?? []) if (whom(watched)) watched.over(closing)
  }

  const expire = (): void => {
    const now = clock.now()
    for (const sessionId of bySession.keys())
      tell(sessionId, closings.tokenExpired, ({ expiresAt }) => expiresAt <= now)
  }

  /** The sessions that were not looked at for the longest time; they go to the end of the line. */
  const nextToCheck = (): string[] => {
    const ids = [...bySession.keys().take(Math.ceil(bySession.size / questionsPerRound))]
    for (const id of ids) {
      const watched = bySession.get(id) ?? new Set()
      bySession.delete(id)
      bySession.set(id, watched)
    }
    return ids
  }

  const ask = async (): Promise<void> => {
    const { sessionNews } = await call<{ sessionNews: News }>('users', {
      query,
      variables: { since, check: nextToCheck() },
    })
    since = sessionNews.asOf
    for (const id of sessionNews.ended) tell(id, closings.sessionEnded)
    for (const { id, active, roles } of sessionNews.states) {
      if (!active) tell(id, closings.sessionEnded)
      else tell(id, closings.rolesChanged, (watched) => watched.roles !== roles.join(' '))
    }
  }

  const round = async (): Promise<void> => {
    expire()
    if (asking || bySession.size === 0) return
    asking = true
    try {
      await ask()
    } catch (error) {
      log.warn('the sessions of sockets could not be checked', faultFields(error))
    } finally {
      asking = false
    }
  }

  const timer = setInterval(() => void round(), askEvery)
  timer.unref()

  return {
    /** Calls `over` when the identity no longer holds, until the returned function is called. */
    watch: (identity: Identity, over: (closing: Closing) => void): (() => void) => {
      const { viewer, expiresAt } = identity
      if (expiresAt === null || !('sessionId' in viewer)) return () => undefined
      const { sessionId } = viewer
      const watched: Watched = { expiresAt, roles: rolesOf(identity), over }
      bySession.set(sessionId, (bySession.get(sessionId) ?? new Set()).add(watched))
      return () => {
        const others = bySession.get(sessionId)
        others?.delete(watched)
        if (others?.size === 0) bySession.delete(sessionId)
      }
    },
    stop: (): void => clearInterval(timer),
  }
}

export type SessionWatch = ReturnType<typeof makeSessionWatch>
