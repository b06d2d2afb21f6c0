import { type ExecutionResult, GraphQLError } from 'graphql'

type Stream = AsyncIterable<ExecutionResult>

export interface HealingOptions {
  /** Opens the stream: from the beginning (null), or after the event with this number. A result is a refusal. */
  readonly open: (after: number | null) => Promise<Stream | ExecutionResult>
  /** Told at every loss, with the attempts since the last event. */
  readonly onLoss: (attempt: number) => void
  /** Milliseconds before an attempt; injected by tests that need not wait (rule R14). */
  readonly pauseOf?: (attempt: number) => number
  /** Milliseconds in which the first event has to come, if the stream is lost before it. */
  readonly firstWithin?: number
}

/** Who has seen nothing yet is not kept waiting for it: refused within 3 s, as any other question. */
const usuallyFirstWithin = 1_900

/** About 20 s in all: a subgraph that restarts is back by then, and a client should not wait longer for the truth. */
export const maxAttempts = 10

/** Half fixed, half random, 100 ms doubled up to 5 s: thousands of streams of one lost socket do not come back at one moment. */
const backOff = (attempt: number): number => Math.min(5_000, 100 * 2 ** attempt) * (0.5 + Math.random() / 2)

const gaveUp: ExecutionResult = {
  errors: [
    new GraphQLError('A part of the shop does not answer; subscribe again after the last `seq` you have.', {
      extensions: { code: 'UNAVAILABLE', retryable: true },
    }),
  ],
}

const ended = { done: true, value: undefined } as const

/** The subgraph did not answer, or could not read what the event is about: the event has not reached anybody. */
const isAway = ({ data, errors }: ExecutionResult): boolean =>
  data == null && errors?.some(({ extensions }) => extensions?.code === 'UNAVAILABLE' && extensions.retryable) === true

const seqOf = ({ extensions }: ExecutionResult): number | null =>
  typeof extensions?.seq === 'number' ? extensions.seq : null

/** No event: a subgraph in another process refuses within its stream. */
const isRefusal = (result: ExecutionResult): boolean => result.data == null && seqOf(result) === null

/** Rejects nothing: a stream that throws is a stream that is lost. */
const nextOf = async (source: AsyncIterator<ExecutionResult>): Promise<IteratorResult<ExecutionResult> | null> => {
  try {
    return await source.next()
  } catch {
    return null
  }
}

/**
 * A stream of a subgraph that survives the loss of its subgraph (rule R15): it remembers the number of the last event, which the
 * subgraph puts into `extensions.seq` whatever the client selected, and opens the stream again after it. The client sees no gap,
 * only a pause; after too many attempts without an event, or when not even the first one comes in time, a typed error that says to subscribe
 * again. Streams without numbers begin anew with their present state.
 */
export const openHealing = async (options: HealingOptions): Promise<Stream | ExecutionResult> => {
  const first = await options.open(null)
  return Symbol.asyncIterator in first ? { [Symbol.asyncIterator]: () => healed(first, options) } : first
}

const healed = (
  first: Stream,
  { open, onLoss, pauseOf = backOff, firstWithin = usuallyFirstWithin }: HealingOptions,
): AsyncIterator<ExecutionResult> => {
  const began = performance.now()
  let hasTold = false
  let source: AsyncIterator<ExecutionResult> | null = first[Symbol.asyncIterator]()
  let after: number | null = null
  let attempt = 0
  let closed = false
  /** Ends the pause at once when the subscriber leaves. */
  let wake: () => void = () => undefined

  const patience = (): number => (hasTold ? Number.POSITIVE_INFINITY : firstWithin - (performance.now() - began))

  const pause = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, Math.min(pauseOf(attempt), patience()))
    wake = resolve
    await promise
    clearTimeout(timer)
  }

  /** Null: there is no stream yet. A refusal (the viewer may not see it any more, say) ends the stream. */
  const reopen = async (): Promise<ExecutionResult | null> => {
    await pause()
    if (closed) return null
    attempt += 1
    const opened = await open(after)
    if (!(Symbol.asyncIterator in opened)) return isAway(opened) ? null : opened
    source = opened[Symbol.asyncIterator]()
    if (closed) void source.return?.()
    return null
  }

  const last = (value: ExecutionResult): IteratorResult<ExecutionResult> => {
    closed = true
    return { done: false, value }
  }

  /** An event, or null when the source is lost. */
  const pull = async (from: AsyncIterator<ExecutionResult>): Promise<IteratorResult<ExecutionResult> | null> => {
    const next = await nextOf(from)
    // A feed does not end by itself; a stream without numbers may.
    if (next?.done) return after === null || closed ? ended : null
    if (!next || isAway(next.value)) return null
    if (isRefusal(next.value)) return last(next.value)
    const { extensions: _, ...event } = next.value
    after = seqOf(next.value) ?? after
    attempt = 0
    hasTold = true
    return { done: false, value: event }
  }

  const step = async (): Promise<IteratorResult<ExecutionResult>> => {
    while (!closed) {
      if (source) {
        const event = await pull(source)
        if (event) return event
        void source.return?.()
        source = null
        onLoss(attempt)
      } else {
        if (attempt >= maxAttempts || patience() <= 0) return last(gaveUp)
        const refusal = await reopen()
        if (refusal && !closed) return last(refusal)
      }
    }
    return ended
  }

  let tail: Promise<unknown> = Promise.resolve()
  return {
    next: () => {
      const result = tail.then(step)
      tail = result
      return result
    },
    return: async () => {
      closed = true
      wake()
      await source?.return?.()
      return ended
    },
  }
}
