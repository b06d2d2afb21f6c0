import { MongoError } from '../errors.ts'

/** Errors that say nothing about the stream, only about the node or the way to it: clients open it again. */
const resumable: ReadonlySet<number> = new Set([
  6, 7, 63, 89, 91, 133, 150, 189, 234, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436,
])

/** Errors that would come again: the token is unknown (260), changed by a stage (280) or too old (286). */
const final: ReadonlySet<number> = new Set([260, 280, 286])

/** What drivers look at to decide whether a change stream goes on after an error. */
export const streamLabels = (code: number): string[] => {
  if (resumable.has(code)) return ['ResumableChangeStreamError']
  return final.has(code) ? ['NonResumableChangeStreamError'] : []
}

/** The same error, with the labels it has when a change stream fails with it. */
export const withStreamLabels = (error: unknown): unknown => {
  if (!(error instanceof MongoError)) return error
  const errorLabels = streamLabels(error.code)
  if (errorLabels.length === 0) return error
  return new MongoError(error.code, error.codeName, error.message, { ...error.details, errorLabels })
}
