import { encode } from '../bson/encode.ts'
import type { Doc } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { Context } from './stage.ts'

export const stageMemoryBytes = 100 * 1024 * 1024

const ignore = (): void => undefined

/**
 * Counts what a blocking stage holds. With `allowDiskUse: false` more than 100 MB is error 292; otherwise it goes on,
 * as MongoDB would on disk.
 */
export const makeMeter = ({ mayExceedMemory }: Context, stage: string): ((doc: Doc) => void) => {
  if (mayExceedMemory) return ignore
  let held = 0
  return (doc) => {
    held += encode(doc).length
    if (held > stageMemoryBytes)
      throw failure(
        'QueryExceededMemoryLimitNoDiskUseAllowed',
        `Exceeded memory limit for ${stage}, but didn't allow external sort. Pass allowDiskUse:true to opt in.`,
      )
  }
}
