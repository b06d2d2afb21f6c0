import type { Request } from '../commands/command.ts'
import { parsePipeline } from './pipeline.ts'
import type { Context } from './stage.ts'

/** What the stages of a command run in; `collection` is undefined for an aggregate of a whole database. */
export const contextOf = (request: Request, collection?: string): Context => ({
  request,
  database: request.database,
  collection,
  deadline: request.deadline,
  mayExceedMemory: request.body.allowDiskUse !== false,
  parse: parsePipeline,
})
