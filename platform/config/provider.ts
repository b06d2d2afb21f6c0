import { type CrashPlan, parseCrashPlan } from '../crashPoint.ts'
import type { Env, makeReader } from './reader.ts'

/** Where `npm run provider` listens. */
const defaultUrl = 'http://127.0.0.1:4010'

export interface Surroundings {
  readonly read: ReturnType<typeof makeReader>
  readonly production: boolean
  /** All units run in this process. */
  readonly isWhole: boolean
  /** A unit of this process talks to the provider. */
  readonly isPaying: boolean
}

/** Null: a sandbox provider runs inside this process. */
export const readProviderUrl = (around: Surroundings, problems: string[]): string | null => {
  const { read, production, isWhole, isPaying } = around
  if (read.text('PROVIDER_URL', '')) return read.url('PROVIDER_URL', '', ['http:', 'https:'])
  if (!production) return isWhole ? null : defaultUrl
  if (isPaying) problems.push('PROVIDER_URL is missing: in production the payment provider must be given.')
  return defaultUrl
}

export const readCrashPlan = (env: Env, production: boolean, problems: string[]): CrashPlan | null => {
  const raw = env.CRASH_AT?.trim()
  if (!raw) return null
  const plan = production ? 'CRASH_AT is for tests: refused in production.' : parseCrashPlan(raw)
  if (typeof plan !== 'string') return plan
  problems.push(plan)
  return null
}
