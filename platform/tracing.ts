import { causedBy, presentCause } from './cause.ts'

/** Who waits for whom, as OpenTelemetry names it. */
export type SpanKind = 'server' | 'client' | 'consumer' | 'internal'

export interface SpanAbout {
  readonly kind: SpanKind
  /** Names and codes of ours only: never a variable, a text of a client, or anything about a person. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>
  /** Begins a trace where there is none; others are only made below one, so that polls and timers leave none. */
  readonly begins?: boolean
}

/** A span that runs. */
export interface OpenSpan {
  readonly traceparent: string
  /** Ends it, as failed when there is a reason: a code or the name of an error, never its text. */
  end(failure?: string): void
}

export interface Tracer {
  begin(name: string, about: SpanAbout, parent: string | undefined): OpenSpan
}

// One for the process: spans of all its units go to one collector, in one batch.
let tracer: Tracer | null = null

/** Spans go to this tracer from now on; the returned function ends that. */
export const traceWith = (given: Tracer): (() => void) => {
  tracer = given
  return () => {
    if (tracer === given) tracer = null
  }
}

export const isTracing = (): boolean => tracer !== null

/** Begins a span below the present one, for work whose end is told elsewhere; null when nobody traces or there is nothing above it. */
export const beginSpan = (name: string, about: SpanAbout): OpenSpan | null => {
  const parent = presentCause()?.traceparent
  return tracer && (parent !== undefined || about.begins) ? tracer.begin(name, about, parent) : null
}

const failureOf = (error: unknown): string => (error instanceof Error ? error.name : 'Error')

const inSpan = async <T>(span: OpenSpan, work: () => Promise<T>): Promise<T> => {
  const { traceparent } = span
  try {
    const done = await causedBy({ requestId: presentCause()?.requestId ?? '', traceparent }, work)
    span.end()
    return done
  } catch (error) {
    span.end(failureOf(error))
    throw error
  }
}

/** Does the work as a span of the trace it belongs to. Without a tracer it only does the work. */
export const traced = <T>(name: string, about: SpanAbout, work: () => Promise<T>): Promise<T> => {
  const span = beginSpan(name, about)
  return span ? inSpan(span, work) : work()
}
