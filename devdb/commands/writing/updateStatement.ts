import { type Doc, isDoc, kindOf, type Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import { parseFilter } from '../../query/matcher.ts'
import { parseSort } from '../../query/sort.ts'
import type { Collection } from '../../storage/collection.ts'
import { parseUpdate } from '../../update/parse.ts'
import { parseArrayFilters } from '../../update/positions.ts'
import { checkUpsertFilter } from '../../update/upsert.ts'
import { collectionName, hintedIndex, type Request, scopeOf } from '../command.ts'
import type { StatementResult } from '../sessions/sessions.ts'
import { isSet } from '../struct.ts'
import { checkRepeatable } from './statements.ts'
import { type Change, changeRecord, existingTarget, insertUpsert, matching, trim } from './write.ts'

export const checkHint = (hint: Value | undefined): void => {
  if (hint === undefined || typeof hint === 'string' || isDoc(hint)) return
  throw failure('FailedToParse', `Hint must be a string or an object, not ${kindOf(hint)}`)
}

/** Of a time series no single measurement can be picked and updated: code 72. */
export const checkSeriesUpdate = (collection: Collection, multi: boolean): void => {
  if (multi || collection.options().timeSeries === undefined) return
  throw failure('InvalidOptions', 'Cannot perform a non-multi update on a time-series collection')
}

/**
 * Runs one update statement `{q, u, multi, upsert, arrayFilters, hint, collation, sort, c}` whose types were checked;
 * the collection is made when an upsert needs it.
 */
export const runUpdate = (request: Request, statement: Doc, bypass: boolean): StatementResult => {
  const { server, database, deadline } = request
  const [multi, upsert] = [isSet(statement.multi), isSet(statement.upsert)]
  checkRepeatable(request, multi)
  checkHint(statement.hint)
  if (multi && statement.sort !== undefined) throw failure('FailedToParse', 'Cannot specify sort with multi=true')
  const scope = scopeOf(request, statement)
  const filter = parseFilter(statement.q, scope)
  if (upsert) checkUpsertFilter(filter)
  const update = parseUpdate(statement.u, multi, scope, isDoc(statement.c) ? statement.c : undefined)
  const filters = parseArrayFilters(statement.arrayFilters, update, scope)
  const sort = parseSort(statement.sort, scope)
  const name = collectionName(request)
  const known = existingTarget(request, name)
  if (known === undefined && !upsert) return { n: 0, nModified: 0 }
  const collection = known ?? server.catalog.create(database, name)
  checkSeriesUpdate(collection, multi)
  const hint = hintedIndex(collection, statement.hint)
  const writing = { collection, bypass }
  const change: Change = { update, filters, filter, now: scope.now }
  const records = matching(server, collection, { filter, sort, hint, deadline }, multi)
  if (records.length === 0 && upsert) return { n: 1, nModified: 0, upserted: insertUpsert(writing, change).id }
  let modified = 0
  for (const record of records) if (changeRecord(writing, record, change)) modified++
  trim(collection)
  return { n: records.length, nModified: modified }
}

/** Runs one delete statement `{q, hint, collation}`, of all matches or of the first; counts those that are gone. */
export const runDelete = (request: Request, statement: Doc, multi: boolean): StatementResult => {
  const { server, deadline } = request
  checkRepeatable(request, multi)
  checkHint(statement.hint)
  const scope = scopeOf(request, statement)
  const filter = parseFilter(statement.q, scope)
  const collection = existingTarget(request, collectionName(request))
  if (collection === undefined) return { n: 0 }
  const hint = hintedIndex(collection, statement.hint)
  const records = matching(server, collection, { filter, sort: [], hint, deadline }, multi)
  for (const record of records) collection.remove(record)
  return { n: records.length }
}
