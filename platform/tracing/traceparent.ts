/** A place in a trace. */
export interface TracePlace {
  readonly traceId: string
  readonly spanId: string
  /** Whether whoever began the trace wants its spans. */
  readonly isSampled: boolean
}

const form = /^00-(?<traceId>(?!0{32})[\da-f]{32})-(?<spanId>(?!0{16})[\da-f]{16})-(?<flags>[\da-f]{2})$/

/** Reads a `traceparent` of W3C Trace Context, version 00; null when it is none. */
export const contextOf = (text: string): TracePlace | null => {
  const { traceId, spanId, flags } = form.exec(text)?.groups ?? {}
  if (!traceId || !spanId || !flags) return null
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

export const traceparentOf = ({ traceId, spanId, isSampled }: TracePlace): string =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`
