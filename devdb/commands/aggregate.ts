import { type NamedStage, parsePipeline, stageCount } from '../aggregate/pipeline.ts'
import { encode } from '../bson/encode.ts'
import { encodeKey } from '../bson/keys.ts'
import { integerOf } from '../bson/numbers.ts'
import { type Doc, isDoc, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import { execute } from '../query/executor.ts'
import { isEverything, parseFilter } from '../query/matcher.ts'
import { leavesOf } from '../query/paths.ts'
import { parseSort } from '../query/sort.ts'
import { docOf } from '../storage/records.ts'
import {
  booleanOption,
  type Command,
  checkCollation,
  checkFields,
  checkLet,
  collectionName,
  countOption,
  hintedIndex,
  type Request,
  stringOption,
} from './command.ts'

type Head = {
  filter: Value | undefined
  sort: Value | undefined
  skip: number
  limit: number | undefined
  taken: number
}

/** The leading stages a find could do: they go to the planner, so indexes serve them. */
const headOf = (stages: readonly NamedStage[]): Head => {
  const head: Head = { filter: undefined, sort: undefined, skip: 0, limit: undefined, taken: 0 }
  const order = ['$match', '$sort', '$skip', '$limit']
  let reached = 0
  for (const { name, spec } of stages) {
    const rank = order.indexOf(name)
    if (rank < reached) break
    reached = rank + 1
    head.taken++
    if (name === '$match') head.filter = spec
    else if (name === '$sort') head.sort = spec
    else if (name === '$skip') head.skip = stageCount(spec, '$skip')
    else head.limit = stageCount(spec, '$limit')
  }
  return head
}

const source = (request: Request, name: string, head: Head): Iterable<Doc> => {
  const { server, body, database, deadline } = request
  const collection = server.catalog.find(database, name)
  if (collection === undefined) return []
  const { plan, rows } = execute(collection, {
    filter: parseFilter(head.filter),
    sort: parseSort(head.sort),
    skip: head.skip,
    limit: head.limit,
    hint: hintedIndex(collection, body.hint),
    deadline,
  })
  if (plan.kind === 'collection') server.counters.collectionScan()
  return rows.map(docOf)
}

const cursorOptions = ({ body }: Request): number | undefined => {
  if (body.explain !== undefined && booleanOption(body, 'explain'))
    throw unsupported("the option 'explain' of aggregate")
  if (!isDoc(body.cursor))
    throw failure('FailedToParse', "The 'cursor' option is required, except for aggregate with the explain argument")
  checkFields(body.cursor, ['batchSize'], 'aggregate.cursor')
  return countOption(body.cursor, 'batchSize')
}

const aggregate: Command = {
  options: ['pipeline', 'cursor', 'explain', 'allowDiskUse', 'hint', 'collation', 'bypassDocumentValidation', 'let'],
  run: (request) => {
    const { server, body, database } = request
    server.counters.count('command')
    const stages = parsePipeline(body.pipeline)
    checkCollation(body.collation)
    checkLet(body.let)
    const batchSize = cursorOptions(request)
    if (typeof body.aggregate !== 'string') throw unsupported('an aggregate on a whole database (aggregate: 1)')
    const name = collectionName(request)
    const head = headOf(stages)
    const docs = stages.slice(head.taken).reduce((input, { run }) => run(input), source(request, name, head))
    return server.cursors.open({ namespace: `${database}.${name}`, rows: encoded(docs), batchSize })
  },
}

const encoded = function* (docs: Iterable<Doc>): Generator<Buffer> {
  for (const doc of docs) yield encode(doc)
}

const count: Command = {
  options: ['query', 'limit', 'skip', 'hint', 'collation', 'fields'],
  run: (request) => {
    const { server, body, database, deadline } = request
    server.counters.count('command')
    checkCollation(body.collation)
    const filter = parseFilter(body.query)
    const skip = countOption(body, 'skip') ?? 0
    // A negative limit means its absolute value here.
    const limit = Math.abs(body.limit === undefined ? 0 : (integerOf(body.limit) ?? 0)) || Number.POSITIVE_INFINITY
    const collection = server.catalog.find(database, collectionName(request))
    if (collection === undefined) return { n: 0 }
    const hint = hintedIndex(collection, body.hint)
    // The number of all documents is known without looking at any.
    if (isEverything(filter)) return { n: Math.min(limit, Math.max(0, collection.records.size - skip)) }
    const { plan, rows } = execute(collection, { filter, sort: [], skip, limit, hint, deadline })
    if (plan.kind === 'collection') server.counters.collectionScan()
    return { n: rows.reduce((sum) => sum + 1, 0) }
  },
}

const distinct: Command = {
  options: ['key', 'query', 'collation', 'hint'],
  run: (request) => {
    const { server, body, database, deadline } = request
    server.counters.count('command')
    checkCollation(body.collation)
    const key = stringOption(body, 'key')
    const filter = parseFilter(body.query)
    const collection = server.catalog.find(database, collectionName(request))
    if (collection === undefined) return { values: [] }
    const hint = hintedIndex(collection, body.hint)
    const { plan, rows } = execute(collection, { filter, sort: [], hint, deadline })
    if (plan.kind === 'collection') server.counters.collectionScan()
    const values = new Map<string, Value>()
    for (const record of rows) {
      for (const value of leavesOf(docOf(record), key.split('.'))) {
        if (value !== undefined) values.set(encodeKey(value), value)
      }
    }
    return { values: [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value) }
  },
}

export const aggregateCommands: Readonly<Record<string, Command>> = { aggregate, count, distinct }
