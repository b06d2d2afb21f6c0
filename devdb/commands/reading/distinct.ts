import { compareUnder, equalityKeyOf } from '../../aggregate/keys.ts'
import { openView, readView } from '../../aggregate/viewReading.ts'
import { encode, maxDocumentBytes } from '../../bson/encode.ts'
import type { Doc, Value } from '../../bson/values.ts'
import { location } from '../../errors.ts'
import { execute } from '../../query/executor.ts'
import { parseFilter } from '../../query/matcher.ts'
import { leavesOf } from '../../query/paths.ts'
import type { Scope } from '../../query/scope.ts'
import { docOf } from '../../storage/records.ts'
import { type Command, collectionName, hintedIndex, type Request, scopeOf, stringOption } from '../command.ts'

const documentsOf = function* (request: Request, scope: Scope): Generator<Doc> {
  const { server, body, database, deadline } = request
  const collection = server.catalog.find(database, collectionName(request))
  if (collection === undefined) return
  const filter = parseFilter(body.query, scope)
  const hint = hintedIndex(collection, body.hint)
  const { plan, rows } = execute(collection, { filter, sort: [], hint, deadline, distinct: stringOption(body, 'key') })
  if (plan.kind === 'collection') server.counters.collectionScan()
  for (const record of rows) yield docOf(record)
}

const run = (request: Request): { values: Value[] } => {
  const { server, body } = request
  server.counters.count('command')
  const key = stringOption(body, 'key')
  const scope = scopeOf(request)
  parseFilter(body.query, scope)
  const view = openView(request, collectionName(request), scope)
  const collation = view?.scope.collation ?? scope.collation
  const docs = view === undefined ? documentsOf(request, scope) : readView(view, request, {}, body.query)
  const values = new Map<string, Value>()
  const parts = key.split('.')
  for (const doc of docs) {
    for (const value of leavesOf(doc, parts)) {
      if (value === undefined) continue
      const name = equalityKeyOf(value, collation)
      if (!values.has(name)) values.set(name, value)
    }
  }
  const sorted = [...values.values()].sort(compareUnder(collation))
  if (encode({ values: sorted }).length > maxDocumentBytes) throw location(17217, 'distinct too big, 16mb cap')
  return { values: sorted }
}

/** The different values of a field, those in arrays each by itself, in MongoDB's order of values. */
export const distinct: Command = { options: ['key', 'query', 'collation', 'hint'], run }
