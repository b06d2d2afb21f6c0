import { compare } from '../../bson/order.ts'
import { type Doc, fieldsOf, isDoc, kindOf, type Value } from '../../bson/values.ts'
import { failure, location } from '../../errors.ts'
import { type Expression, envOf, parseExpression } from '../../expression/expression.ts'
import { parsePath } from '../../expression/fieldPath.ts'
import type { Scope } from '../../query/scope.ts'
import { parseSort, type SortField } from '../../query/sort.ts'
import { overlap, withValueAt } from '../fieldPath.ts'
import { equalityKeyOf } from '../keys.ts'
import { sorted } from '../sort.ts'
import { checkArguments, missingField, wrongType } from '../specification.ts'
import type { Context, ParseStage, Rows } from '../stage.ts'
import { parseWindowFunction, type WindowFunction } from './functions.ts'

type Output = { readonly path: readonly string[]; readonly compute: WindowFunction }

type Partition = { readonly key: Value; readonly docs: Doc[] }

const partitionsOf = (docs: Rows, by: Expression | undefined, { collation }: Scope): Partition[] => {
  const partitions = new Map<string, Partition>()
  for (const doc of docs) {
    const key = by?.evaluate(envOf(doc)) ?? null
    if (Array.isArray(key))
      throw failure('TypeMismatch', 'An expression used to partition cannot evaluate to value of type array')
    const name = equalityKeyOf(key, collation)
    const known = partitions.get(name)
    if (known === undefined) partitions.set(name, { key, docs: [doc] })
    else known.docs.push(doc)
  }
  return [...partitions.values()].sort((a, b) => compare(a.key, b.key, collation))
}

const withOutputs = (docs: readonly Doc[], outputs: readonly Output[]): Doc[] => {
  let results = [...docs]
  for (const { path, compute } of outputs) {
    const values = compute(docs)
    results = results.map((doc, index) => withValueAt(doc, path, values[index]))
  }
  return results
}

const outputsOf = (value: Value | undefined, sort: readonly SortField[], scope: Scope): Output[] => {
  if (value === undefined) throw missingField('$setWindowFields.output')
  if (!isDoc(value)) throw wrongType('$setWindowFields.output', value, 'object')
  const fields = fieldsOf(value)
  return fields.map(([field, spec], index) => {
    if (fields.slice(0, index).some(([other]) => overlap(other, field)))
      throw location(6307900, "$setWindowFields 'output' specification contains two conflicting paths")
    return { path: parsePath(field), compute: parseWindowFunction(spec, field, { sort, scope }) }
  })
}

/** `$setWindowFields`: fields computed over the rows around each document, in its partition. */
export const setWindowFieldsStage: ParseStage = (spec, { scope }) => {
  if (!isDoc(spec))
    throw failure('FailedToParse', `the $setWindowFields stage specification must be an object, found ${kindOf(spec)}`)
  checkArguments(spec, '$setWindowFields', ['partitionBy', 'sortBy', 'output'])
  const by = spec.partitionBy === undefined ? undefined : parseExpression(spec.partitionBy, scope)
  if (spec.sortBy !== undefined && !isDoc(spec.sortBy))
    throw wrongType('$setWindowFields.sortBy', spec.sortBy, 'object')
  const sort = parseSort(spec.sortBy, scope)
  const outputs = outputsOf(spec.output, sort, scope)
  return {
    run: function* (rows: Rows, context: Context) {
      const ordered = sort.length === 0 ? rows : sorted(rows, sort, context)
      for (const { docs } of partitionsOf(ordered, by, scope)) yield* withOutputs(docs, outputs)
    },
  }
}
