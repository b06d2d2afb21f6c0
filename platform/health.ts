import type { ServerResponse } from 'node:http'
import type { Clock } from '#kernel/time.ts'
import { withTimeout } from './caller.ts'
import { sendJson } from './http.ts'

export interface Health {
  readonly ready: boolean
  /** What does not answer now; never more than names. Who is ready may miss something, and says so. */
  readonly failing: readonly string[]
}

export type Check = () => Promise<void>

const checkTimeoutMs = 1_000
const cachedMs = 1_000

/**
 * Readiness from a unit's own dependencies, asked at most once a second, so that probes cannot become load. Each has to have answered once.
 * One that goes away later makes nobody unready: all replicas would leave at once, with all that they can do without it (ADR 0038).
 */
export const makeHealth = (clock: Clock, checks: Readonly<Record<string, Check>>) => {
  const names = Object.keys(checks)
  const met = new Set<string>()
  let last: { at: number; result: Promise<Health> } | null = null

  const ask = async (): Promise<Health> => {
    const late = () => new Error('late')
    const results = await Promise.allSettled(
      Object.values(checks).map((check) => withTimeout(checkTimeoutMs, late, check)),
    )
    const failing = names.filter((_, index) => results[index]?.status === 'rejected')
    for (const name of names) if (!failing.includes(name)) met.add(name)
    return { ready: met.size === names.length, failing }
  }

  return (): Promise<Health> => {
    if (!last || clock.now() - last.at >= cachedMs) last = { at: clock.now(), result: ask() }
    return last.result
  }
}

/**
 * Readiness of a process: its units' own checks, and what stands in the way of all of them, which counts at once: that the process is
 * stopping, or has lost its database.
 */
export const makeReadiness = (clock: Clock) => {
  const hindrances = new Set<string>()
  return {
    hinder: (name: string): void => void hindrances.add(name),
    isHindered: (): boolean => hindrances.size > 0,
    health: (checks: Readonly<Record<string, Check>>): (() => Promise<Health>) => {
      const ask = makeHealth(clock, checks)
      return async () => (hindrances.size > 0 ? { ready: false, failing: [...hindrances] } : ask())
    },
  }
}

export type Readiness = ReturnType<typeof makeReadiness>

/** Answers the probes of a unit: alive is who answers at all, ready is who has once had what it needs and goes on. False for other addresses. */
export const answerProbe = async (
  pathname: string | undefined,
  response: ServerResponse,
  health: () => Promise<Health>,
): Promise<boolean> => {
  if (pathname === '/health/live') {
    sendJson(response, 200, { live: true })
    return true
  }
  if (pathname !== '/health/ready') return false
  const state = await health()
  sendJson(response, state.ready ? 200 : 503, state)
  return true
}
