import { isShopError, ShopError } from '#kernel/errors.ts'
import { type Clock, type Millis, seconds } from '#kernel/time.ts'
import { crashPoint } from '../crashPoint.ts'

/** A key in use, or used. */
export interface IdempotencyRecord {
  /** Who, which operation, which key: one text that tells nothing about them. */
  readonly _id: string
  /** Of the input; another input under the same key is refused. */
  readonly fingerprint: string
  /** The fence (rule R8): rises with each holder. */
  readonly attempt: number
  /** Until when the work is left to its holder; null: it is done, or nobody does it. */
  readonly leaseUntil: Millis | null
  /** The answer for good; null while there is none. */
  readonly answer: { readonly value: unknown } | null
  readonly createdAt: Date
}

/** Where keys are kept: one guarded write for each step. */
export interface IdempotencyStore {
  get(id: string): Promise<IdempotencyRecord | null>
  /** False when the key is known. */
  insert(record: IdempotencyRecord): Promise<boolean>
  /** Takes the key over as it was read; false when somebody else was faster. */
  take(known: IdempotencyRecord, leaseUntil: Millis): Promise<boolean>
  /** Stores the answer of this attempt, or lets the key go when there is none. Nothing happens when another attempt has taken over. */
  finish(id: string, attempt: number, answer: IdempotencyRecord['answer']): Promise<void>
  /** Forgets the key, unless another attempt has taken over. */
  forget(id: string, attempt: number): Promise<void>
}

export interface IdempotencyDeps {
  readonly store: IdempotencyStore
  readonly clock: Clock
  readonly hash: (text: string) => string
  /** Waits between two looks at a key that is in use; injected (rule R14). */
  readonly pause: (ms: Millis) => Promise<void>
}

/** One request under a key. */
export interface KeyedRequest {
  readonly actor: string
  readonly operation: string
  readonly key: string
  /** All that must be the same when the key is used again, as JSON. */
  readonly input: unknown
  /** Where the key stands in the arguments. */
  readonly field: readonly string[]
}

/** What the work of a key came to. Only an answer for good is stored; any other may become another one when the key is used again. */
export interface KeyedAnswer<T> {
  readonly value: T
  readonly isFinal: boolean
}

/** Parameters table: idempotency. */
const maxKey = 255
const lease = seconds(30)
const longestWait = seconds(3)
const firstPause: Millis = 20

const checkKey = ({ key, field }: KeyedRequest): void => {
  if (key.length >= 1 && key.length <= maxKey) return
  throw new ShopError('BAD_USER_INPUT', `A key has 1 to ${maxKey} characters.`, field)
}

/** The same text for equal inputs: members sorted, absent and null the same. */
const canonical = (input: unknown): string =>
  JSON.stringify(input, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, member]) => member !== null)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : value,
  ) ?? 'null'

/**
 * Does the work of a key once. The same key with the same input gets the stored answer; while the work is under way it waits for it, at
 * most 3 s. The work itself must be safe to begin again: its holder may die in the middle (rule R2).
 */
export const makeIdempotency = ({ store, clock, hash, pause }: IdempotencyDeps) => {
  const begin = async (id: string, fingerprint: string): Promise<IdempotencyRecord | null> => {
    const now = clock.now()
    const first = { _id: id, fingerprint, attempt: 1, leaseUntil: now + lease, answer: null, createdAt: new Date(now) }
    return (await store.insert(first)) ? first : null
  }

  const takeOver = async (known: IdempotencyRecord): Promise<IdempotencyRecord | null> => {
    const now = clock.now()
    if (known.leaseUntil !== null && known.leaseUntil > now) return null
    const taken = await store.take(known, now + lease)
    return taken ? { ...known, attempt: known.attempt + 1, leaseUntil: now + lease } : null
  }

  const work = async <T>({ _id, attempt }: IdempotencyRecord, run: () => Promise<KeyedAnswer<T>>): Promise<T> => {
    try {
      await crashPoint('idempotency.begun')
      const { value, isFinal } = await run()
      await crashPoint('idempotency.workDone')
      await store.finish(_id, attempt, isFinal ? { value } : null)
      return value
    } catch (error) {
      // A refusal has no effect, so its key is as good as new; after an attempt that broke off nobody can say that.
      if (isShopError(error) && attempt === 1) await store.forget(_id, attempt)
      else await store.finish(_id, attempt, null)
      throw error
    }
  }

  return {
    /**
     * @throws ShopError BAD_USER_INPUT or IDEMPOTENCY_KEY_REUSED naming `field`, IN_PROGRESS when the work takes too long; and whatever
     *   `run` throws, which is not stored: it must not throw a ShopError after it has changed something.
     */
    once: async <T>(request: KeyedRequest, run: () => Promise<KeyedAnswer<T>>): Promise<T> => {
      checkKey(request)
      const id = hash(JSON.stringify([request.actor, request.operation, request.key]))
      const fingerprint = hash(canonical(request.input))
      for (let waited = 0, wait = firstPause; ; waited += wait, wait *= 2) {
        const known = await store.get(id)
        if (known && known.fingerprint !== fingerprint)
          throw new ShopError('IDEMPOTENCY_KEY_REUSED', 'This key was used before with other input.', request.field)
        if (known?.answer) return known.answer.value as T
        const held = known ? await takeOver(known) : await begin(id, fingerprint)
        if (held) return work(held, run)
        if (waited >= longestWait)
          throw new ShopError('IN_PROGRESS', 'The same request is under way; ask again with the same key.')
        await pause(Math.min(wait, longestWait - waited))
      }
    },
  }
}

export type Idempotency = ReturnType<typeof makeIdempotency>
