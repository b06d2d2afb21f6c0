import { codeNames } from '../errors.ts'
import type { Reply } from './command.ts'

/** Codes of errors that tell nothing about the write, only about the node or the way to it. */
const retriable = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436])

/** The state a transaction reads is gone, or somebody else was first: it may succeed when run again. */
const transient = new Set([112, 24, 267, 239, 246])

const noSuchTransaction = 251

const otherNames: Readonly<Record<number, string>> = {
  6: 'HostUnreachable',
  7: 'HostNotFound',
  8: 'UnknownError',
  64: 'WriteConcernFailed',
  79: 'UnknownReplWriteConcern',
  89: 'NetworkTimeout',
  91: 'ShutdownInProgress',
  100: 'UnsatisfiableWriteConcern',
  134: 'ReadConcernMajorityNotAvailableYet',
  189: 'PrimarySteppedDown',
  262: 'ExceededTimeLimit',
  391: 'ReauthenticationRequired',
  462: 'IngressRequestRateLimitExceeded',
  9001: 'SocketException',
  10107: 'NotWritablePrimary',
  11600: 'InterruptedAtShutdown',
  11601: 'Interrupted',
  11602: 'InterruptedDueToReplStateChange',
  13388: 'StaleConfig',
  13435: 'NotPrimaryNoSecondaryOk',
  13436: 'NotPrimaryOrSecondary',
}

/** The name that belongs to an error number. */
export const codeNameOf = (code: number): string => codeNames.get(code) ?? otherNames[code] ?? `Location${code}`

export type Situation = {
  /** The command carries `autocommit: false`. */
  readonly transactional: boolean
  /** A write with a transaction number outside of a transaction. */
  readonly retryable: boolean
  readonly ends: boolean
}

const isTransient = (code: number, hasWriteConcernError: boolean, { transactional, ends }: Situation): boolean => {
  if (!transactional) return false
  if (transient.has(code)) return true
  if (ends) return code === noSuchTransaction && !hasWriteConcernError
  return retriable.has(code) || code === noSuchTransaction
}

/** The labels drivers act on, as a replica set member of MongoDB 8.0 gives them. */
export const labelsOf = (code: number | undefined, concernCode: number | undefined, situation: Situation): string[] => {
  const labels: string[] = []
  if (code !== undefined && isTransient(code, concernCode !== undefined, situation))
    labels.push('TransientTransactionError')
  const retries = situation.retryable || (situation.transactional && situation.ends)
  if (!retries) return labels
  if (retriable.has(code ?? 0) || retriable.has(concernCode ?? 0)) labels.push('RetryableWriteError')
  return labels
}

/** The reply with the labels its error or its write concern error deserves. */
export const labelled = (reply: Reply, situation: Situation): Reply => {
  if (!situation.transactional && !situation.retryable) return reply
  const code = reply.ok === 0 ? Number(reply.code) : undefined
  const concern = reply.writeConcernError as { code?: unknown } | undefined
  if (code === undefined && concern === undefined) return reply
  const errorLabels = labelsOf(code, concern === undefined ? undefined : Number(concern.code), situation)
  return errorLabels.length === 0 ? reply : { ...reply, errorLabels }
}
