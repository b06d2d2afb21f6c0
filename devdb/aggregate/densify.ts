import { compare } from '../bson/order.ts'
import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { parsePath } from '../expression/fieldPath.ts'
import { parseSort } from '../query/sort.ts'
import { type Bounds, parseRange, type Range } from './densifyRange.ts'
import { valueAt, withValueAt } from './fieldPath.ts'
import { equalityKeyOf } from './keys.ts'
import { sorted } from './sort.ts'
import { checkArguments, stringOf, wrongType } from './specification.ts'
import type { ParseStage, Rows } from './stage.ts'

const maxGenerated = 500_000

type Path = readonly string[]

type Densify = { readonly path: Path; readonly partitions: readonly Path[]; readonly range: Range }

/** What is to come in one partition: the next value of its grid, and what its documents have in common. */
type Partition = { next: Value; readonly shared: Doc }

const sharedOf = (doc: Doc, partitions: readonly Path[]): Doc =>
  partitions.reduce<Doc>((shared, path) => {
    const value = valueAt(doc, path)
    return value === undefined ? shared : withValueAt(shared, path, value)
  }, {})

/** Made documents, counted: throws 5897900 for more than 500,000. */
const makeGenerator = ({ path, range }: Densify) => {
  let generated = 0
  return function* (partition: Partition, until: (value: Value) => boolean): Generator<Doc> {
    for (; until(partition.next); partition.next = range.next(partition.next)) {
      if (++generated > maxGenerated)
        throw location(
          5897900,
          `Generated ${generated} documents in $densify, which is over the limit of ${maxGenerated}. Increase the 'internalQueryMaxAllowedDensifyDocs' parameter to allow more generated documents`,
        )
      checkPlace(partition.shared, path)
      yield withValueAt(partition.shared, path, partition.next)
    }
  }
}

const checkPlace = (shared: Doc, path: Path): void => {
  for (let length = 1; length < path.length; length++) {
    const value = valueAt(shared, path.slice(0, length))
    if (Array.isArray(value)) throw location(5733307, '$densify cannot generate fields nested inside arrays')
    if (value !== undefined && !isDoc(value))
      throw location(5733308, '$densify cannot overwrite non-object values with objects')
  }
}

/** Where the grid of a new partition begins. */
const startOf = (bounds: Bounds, least: Value, value: Value): Value =>
  typeof bounds === 'object' ? bounds.low : bounds === 'full' ? least : value

/** Where the grid of all partitions ends; undefined when each ends at its last document. */
const isDue = (bounds: Bounds, partitioned: boolean, greatest: Value): ((value: Value) => boolean) | undefined => {
  if (typeof bounds === 'object') return (value) => compare(value, bounds.high) < 0
  return bounds === 'full' && partitioned ? (value) => compare(value, greatest) <= 0 : undefined
}

const densified = function* (rows: Rows, densify: Densify): Generator<Doc> {
  const { path, partitions, range } = densify
  const { bounds } = range
  const generate = makeGenerator(densify)
  const known = new Map<string, Partition>()
  let least: Value | undefined
  let greatest: Value = null
  // Explicit bounds are filled even when no document is there.
  if (typeof bounds === 'object' && partitions.length === 0)
    known.set(equalityKeyOf({}, undefined), { next: bounds.low, shared: {} })
  for (const doc of rows) {
    const value = valueAt(doc, path) ?? null
    if (value === null) {
      yield doc
      continue
    }
    range.check(value)
    least ??= value
    greatest = value
    const shared = sharedOf(doc, partitions)
    const key = equalityKeyOf(shared, undefined)
    const partition = known.get(key) ?? { next: startOf(bounds, least, value), shared }
    known.set(key, partition)
    const limit = typeof bounds === 'object' && compare(bounds.high, value) < 0 ? bounds.high : value
    yield* generate(partition, (next) => compare(next, limit) < 0)
    if (compare(partition.next, value) === 0) partition.next = range.next(value)
    yield doc
  }
  const due = isDue(bounds, partitions.length > 0, greatest)
  if (due === undefined) return
  for (const partition of known.values()) yield* generate(partition, due)
}

const partitionsOf = (value: Value | undefined): Path[] => {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw wrongType('$densify.partitionByFields', value, 'array')
  return value.map((path, index) => {
    if (typeof path !== 'string') throw wrongType(`$densify.partitionByFields.${index}`, path, 'string')
    return parsePath(path)
  })
}

const isWithin = (inner: Path, outer: Path): boolean => outer.every((part, index) => inner[index] === part)

const checkApart = (path: Path, partitions: readonly Path[]): void => {
  if (partitions.some((partition) => isWithin(partition, path)))
    throw location(8993000, "BSON field '$densify.partitionByFields' contains the field that is being densified")
  if (partitions.some((partition) => isWithin(path, partition)))
    throw location(9554500, "The field that is being densified contains the BSON field '$densify.partitionByFields'")
}

/** `$densify`: documents for the values that a grid has and the collection has not. */
export const densifyStage: ParseStage = (spec, { scope }) => {
  if (!isDoc(spec))
    throw failure('FailedToParse', `The $densify stage specification must be an object, found ${kindOf(spec)}`)
  checkArguments(spec, '$densify', ['field', 'partitionByFields', 'range'])
  const field = stringOf(spec, '$densify', 'field')
  const range = parseRange(spec.range)
  const partitions = partitionsOf(spec.partitionByFields)
  const densify = { path: parsePath(field), partitions, range }
  checkApart(densify.path, partitions)
  if (range.bounds === 'partition' && partitions.length === 0)
    throw location(
      5733408,
      "One cannot specify the bounds as 'partition' without specifying a non-empty array of partitionByFields. You may have meant to specify 'full' bounds.",
    )
  const leading = range.bounds === 'full' ? [] : partitions.map((path) => path.join('.'))
  const order: Doc = Object.fromEntries([...leading, field].map((path) => [path, 1]))
  const sort = parseSort(order, scope)
  return { run: (rows, context) => densified(sorted(rows, sort, context), densify) }
}
