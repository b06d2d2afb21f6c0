import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import mongoose from 'mongoose'
import { translateLegacy } from './legacy.ts'

export type Document = mongoose.mongo.Document

export type Operation = {
  readonly name: string
  readonly object: string
  readonly arguments?: Document
  readonly expectError?: Document
  readonly expectResult?: unknown
  readonly saveResultAsEntity?: string
  readonly ignoreResultAndError?: boolean
}

export type ExpectedEvents = {
  readonly client: string
  readonly eventType?: string
  readonly events: readonly Document[]
  readonly ignoreExtraEvents?: boolean
}

export type CollectionData = {
  readonly databaseName: string
  readonly collectionName: string
  readonly documents: readonly Document[]
  readonly createOptions?: Document
}

export type TestCase = {
  readonly description: string
  readonly skipReason?: string
  readonly runOnRequirements?: readonly Document[]
  readonly createEntities?: readonly Document[]
  readonly initialData?: readonly CollectionData[]
  readonly operations: readonly Operation[]
  readonly expectEvents?: readonly ExpectedEvents[]
  readonly expectLogMessages?: readonly Document[]
  readonly outcome?: readonly CollectionData[]
}

/** A file of the unified test format, or what a file of the older formats comes to in it. */
export type TestFile = {
  readonly runOnRequirements?: readonly Document[]
  readonly createEntities?: readonly Document[]
  readonly initialData?: readonly CollectionData[]
  readonly tests: readonly TestCase[]
}

const areas = new Set([
  'bson-corpus',
  'change-streams',
  'collection-management',
  'command-monitoring',
  'convenient-transactions',
  'crud',
  'index-management',
  'read-write-concern',
  'retryable-reads',
  'retryable-writes',
  'run-command',
  'sessions',
  'transactions',
  'unified-test-format',
  'versioned-api',
])

/** The name of a file from its area on, so that it does not depend on where the specifications lie. */
export const shortName = (path: string): string => {
  const parts = path.split(sep)
  const start = parts.findIndex((part) => areas.has(part))
  return parts
    .slice(start < 0 ? -1 : start)
    .filter((part) => part !== 'tests')
    .join('/')
}

/** All test files in and below the folders and files given, in order. */
export const findFiles = (paths: readonly string[]): string[] =>
  paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(path, name))
  })

/** Reads a file of either format; undefined when it holds no tests that a server takes part in. */
export const readTestFile = (path: string): TestFile | undefined => {
  const content = mongoose.mongo.BSON.EJSON.parse(readFileSync(path, 'utf8')) as Document
  if (!Array.isArray(content.tests)) return undefined
  if (content.schemaVersion !== undefined) return content as TestFile
  const [first] = content.tests as Document[]
  return first?.operation !== undefined || first?.operations !== undefined ? translateLegacy(content) : undefined
}
