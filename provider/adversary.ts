/** What may happen to a call, each with its share of all calls (0 to 1); together at most 1. */
export const callFaults = [
  'timeoutAfterCharge',
  'resetAfterCharge',
  'errorAfterCharge',
  'resetBeforeCharge',
  'tooManyRequests',
  'unavailable',
  'slow',
] as const
export type CallFault = (typeof callFaults)[number]

/** What may happen to a webhook, each with its own share. */
export const webhookFaults = ['lost', 'duplicate', 'reorder', 'stale', 'badSignature'] as const
export type WebhookFault = (typeof webhookFaults)[number]

export interface Weather {
  /** The same seed and the same order of calls give the same faults. */
  readonly seed: number
  readonly calls: Readonly<Partial<Record<CallFault, number>>>
  readonly webhooks: Readonly<Partial<Record<WebhookFault, number>>>
  /** Added to every answer. */
  readonly latencyMs: number
}

export const fineWeather: Weather = { seed: 1, calls: {}, webhooks: {}, latencyMs: 0 }

/** A small generator of pseudo-random numbers in [0, 1): Mulberry32, public domain. */
const makeRandom = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const isShare = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1

const shares = <Name extends string>(given: unknown, names: readonly Name[]): Partial<Record<Name, number>> | null => {
  if (given === undefined) return {}
  if (typeof given !== 'object' || given === null) return null
  const known: readonly string[] = names
  return Object.entries(given).every(([name, share]) => known.includes(name) && isShare(share)) ? given : null
}

/** The body of `POST /adversary`; null when something in it is unknown or no share. */
export const parseWeather = (given: unknown): Weather | null => {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return null
  const { seed = 1, calls, webhooks, latencyMs = 0, ...rest } = given as Record<string, unknown>
  const ofCalls = shares(calls, callFaults)
  const ofWebhooks = shares(webhooks, webhookFaults)
  const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
  if (!ofCalls || !ofWebhooks || !isWhole(seed) || !isWhole(latencyMs) || latencyMs > 60_000) return null
  return Object.keys(rest).length === 0 ? { seed, calls: ofCalls, webhooks: ofWebhooks, latencyMs } : null
}

/** Decides what goes wrong. In fine weather nothing does. */
export const makeAdversary = (initial: Weather = fineWeather) => {
  let weather = initial
  let random = makeRandom(initial.seed)
  return {
    weather: (): Weather => weather,
    turn: (to: Weather): void => {
      weather = to
      random = makeRandom(to.seed)
    },
    /** At most one fault for a call. */
    callFault: (): CallFault | null => {
      let left = random()
      for (const fault of callFaults) {
        left -= weather.calls[fault] ?? 0
        if (left < 0) return fault
      }
      return null
    },
    has: (fault: WebhookFault): boolean => random() < (weather.webhooks[fault] ?? 0),
    random: (): number => random(),
  }
}

export type Adversary = ReturnType<typeof makeAdversary>
