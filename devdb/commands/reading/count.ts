import { openView, readView } from '../../aggregate/viewReading.ts'
import { integerOf } from '../../bson/numbers.ts'
import { kindOf } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import { countMatches } from '../../query/executor.ts'
import { parseFilter } from '../../query/matcher.ts'
import { type Command, collectionName, countOption, hintedIndex, type Request, scopeOf } from '../command.ts'

/** A negative limit means its absolute value here, 0 none. */
const limitOf = ({ body }: Request): number => {
  const { limit } = body
  if (limit === undefined || limit === null) return Number.POSITIVE_INFINITY
  const number = integerOf(limit)
  if (number === undefined)
    throw failure(
      'TypeMismatch',
      `BSON field 'count.limit' is the wrong type '${kindOf(limit)}', expected types '[long, int, decimal, double]'`,
    )
  return Math.abs(number) || Number.POSITIVE_INFINITY
}

const run = (request: Request): { n: number } => {
  const { server, body, database, deadline } = request
  server.counters.count('command')
  const scope = scopeOf(request)
  const filter = parseFilter(body.query, scope)
  const skip = countOption(body, 'skip') ?? 0
  const limit = limitOf(request)
  const name = collectionName(request)
  const view = openView(request, name, scope)
  if (view !== undefined) {
    let passed = 0
    for (const _doc of readView(view, request, {}, body.query)) if (++passed >= skip + limit) break
    return { n: Math.max(0, passed - skip) }
  }
  const collection = server.catalog.find(database, name)
  if (collection === undefined) return { n: 0 }
  const hint = hintedIndex(collection, body.hint)
  const { plan, count: n } = countMatches(collection, { filter, sort: [], skip, limit, hint, deadline })
  if (plan?.kind === 'collection') server.counters.collectionScan()
  return { n }
}

export const count: Command = { options: ['query', 'limit', 'skip', 'hint', 'collation', 'fields'], run }
