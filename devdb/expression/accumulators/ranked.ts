import { show } from '../../bson/show.ts'
import { isDoc, type Value } from '../../bson/values.ts'
import { location } from '../../errors.ts'
import { compareSortKeys, parseSort, sortKeys } from '../../query/sort.ts'
import { envOf } from '../expression.ts'
import { constantOf, type Names, namedSpecs, type Parser } from '../operands.ts'
import type { Accumulator } from './accumulators.ts'
import { countOf } from './limited.ts'

const rankedNames = (many: boolean): Names => ({
  required: many ? ['n', 'sortBy', 'output'] : ['sortBy', 'output'],
  notObject: (name, spec) => location(5788001, `specification must be an object; found ${name}: ${show(spec)}`),
  unknown: (name, argument) => location(5788002, `Unknown argument to ${name} '${argument}'`),
  missing: (_name, argument) =>
    location({ n: 5788003, output: 5788004 }[argument] ?? 5788005, `Missing value for '${argument}'`),
})

type Ranked = { readonly keys: ReturnType<typeof sortKeys>; readonly output: Value }

/**
 * `$top`, `$topN`, `$bottom` and `$bottomN`: the outputs of the documents that come first or last in the order `sortBy`,
 * listed in that order; documents of equal rank keep the order they came in.
 */
export const parseRanked = (spec: Value, parser: Parser, name: string): Accumulator => {
  const many = name.endsWith('N')
  const named = namedSpecs(spec, name, rankedNames(many))
  if (!isDoc(named.sortBy)) throw location(10065, 'invalid parameter: expected an object (sortBy)')
  const sort = parseSort(named.sortBy, parser.scope)
  const output = parser.parse(named.output ?? null)
  const n = many ? parser.parse(named.n ?? null) : constantOf(1)
  const top = name.startsWith('$top')
  return {
    start: (groupKey) => {
      const count = countOf(n.evaluate(envOf(groupKey)))
      const ranked: Ranked[] = []
      return {
        add: (env) => {
          const keys = isDoc(env.root) ? sortKeys(env.root, sort) : []
          ranked.push({ keys, output: output.evaluate(env) ?? null })
        },
        result: () => {
          const ordered = ranked.sort((a, b) => compareSortKeys(a.keys, b.keys, sort))
          const chosen = (top ? ordered.slice(0, count) : ordered.slice(-count)).map((one) => one.output)
          return many ? chosen : (chosen[0] ?? null)
        },
      }
    },
  }
}
