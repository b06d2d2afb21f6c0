import { readCollection, runStages } from '../../aggregate/source.ts'
import type { Rows } from '../../aggregate/stage.ts'
import { checkSize, encode } from '../../bson/encode.ts'
import { type Doc, isDoc } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import { booleanOption, type Command, checkFields, countOption, type Reply, type Request } from '../command.ts'
import { isChangeStream, openChangeStream } from './changeStream.ts'
import { count } from './count.ts'
import { distinct } from './distinct.ts'
import { explainAggregate } from './explainAggregate.ts'
import { hintOf, type Prepared, prepareAggregate } from './prepareAggregate.ts'

const rowsOf = (prepared: Prepared): Rows => {
  const { plan, context, source, stages } = prepared
  // Stages that make documents are never moved, but what stands behind them is no query of a collection.
  if (source === undefined) return runStages([], stages, context)
  return readCollection(source, plan, context, { hint: hintOf(prepared) })
}

const encoded = function* (docs: Iterable<Doc>): Generator<Buffer> {
  for (const doc of docs) {
    const bytes = encode(doc)
    checkSize(bytes)
    yield bytes
  }
}

const batchSizeOf = ({ body }: Request): number | undefined => {
  if (body.cursor === undefined)
    throw failure('FailedToParse', "The 'cursor' option is required, except for aggregate with the explain argument")
  if (!isDoc(body.cursor))
    throw failure('TypeMismatch', "BSON field 'aggregate.cursor' is the wrong type, expected type 'object'")
  checkFields(body.cursor, ['batchSize'], 'aggregate.cursor')
  return countOption(body.cursor, 'batchSize')
}

const run = (request: Request): Reply => {
  const { server, body, cursorSession: session } = request
  server.counters.count('command')
  if (isChangeStream(body.pipeline)) return openChangeStream(request)
  if (booleanOption(body, 'explain')) return explainAggregate(request, 'queryPlanner')
  const batchSize = batchSizeOf(request)
  const prepared = prepareAggregate(request)
  return server.cursors.open({
    namespace: prepared.namespace,
    rows: encoded(rowsOf(prepared)),
    batchSize,
    session,
  })
}

export const aggregateOptions = [
  'pipeline',
  'cursor',
  'explain',
  'allowDiskUse',
  'hint',
  'collation',
  'bypassDocumentValidation',
  'let',
]

export const aggregateCommands: Readonly<Record<string, Command>> = {
  aggregate: { options: aggregateOptions, run },
  count,
  distinct,
}
