/** From before the first byte was sent: nobody has received anything. */
const beforeSending: readonly unknown[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]

/** Whoever was there went away, or closed a resting connection just when we wrote to it. */
const afterSending: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

/** Written to a line that had ended already, as Node says it. */
const tooLate: readonly unknown[] = ['ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']

const hasCode = (error: unknown, codes: readonly unknown[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(error.code)

/** The call has certainly not been received. */
export const isUnsent = (error: unknown): boolean => hasCode(error, beforeSending)

/** The connection broke after it was made: whether the call was received is not known. */
export const isBroken = (error: unknown): boolean => hasCode(error, afterSending)

/** The line is gone, whether it broke under the call or before it. */
export const isCut = (error: unknown): boolean => isBroken(error) || hasCode(error, tooLate)
