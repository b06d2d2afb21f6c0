import type mongoose from 'mongoose'
import type { Entities } from './entities.ts'
import type { Document } from './testFile.ts'

/** One operation on its way to the driver: arguments with entities in place of their names. */
export type Call = {
  readonly entities: Entities
  /** The name of the entity it is called on. */
  readonly object: string
  readonly args: Document
  /** Executes operations inside a transaction's callback; their errors go through to the driver. */
  readonly nested: (operations: readonly Document[]) => Promise<void>
  /** For assertions and fail points: a client that no test observes. */
  readonly internal: mongoose.mongo.MongoClient
  /** Fail points to switch off after the test. */
  readonly failPoints: Set<string>
}

export type Operations = Readonly<Record<string, (call: Call) => unknown>>
