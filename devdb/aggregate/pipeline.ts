import { integerOf } from '../bson/numbers.ts'
import { type Doc, getField, isDoc, setField, type Value } from '../bson/values.ts'
import { failure, location, unsupported } from '../errors.ts'
import { parseFilter } from '../query/matcher.ts'
import { compareSortKeys, parseSort, sortKeys } from '../query/sort.ts'
import { groupStage } from './group.ts'
import { projectStage } from './project.ts'

export type Stage = (docs: Iterable<Doc>) => Iterable<Doc>

type MakeStage = (spec: Value) => Stage

const match: MakeStage = (spec) => {
  const filter = parseFilter(spec)
  return function* (docs) {
    for (const doc of docs) if (filter.match(doc)) yield doc
  }
}

const sort: MakeStage = (spec) => {
  const fields = parseSort(spec)
  if (fields.length === 0) throw location(15976, '$sort stage must have at least one sort key')
  return (docs) =>
    Array.from(docs, (doc) => ({ doc, keys: sortKeys(doc, fields) }))
      .sort((a, b) => compareSortKeys(a.keys, b.keys, fields))
      .map(({ doc }) => doc)
}

export const stageCount = (spec: Value, name: '$skip' | '$limit'): number => {
  const number = integerOf(spec)
  if (name === '$limit') {
    if (number === undefined || number < 0)
      throw location(5107201, `invalid argument to $limit stage: Expected a non-negative number in: $limit`)
    if (number === 0) throw location(15958, 'the limit must be positive')
    return number
  }
  if (number === undefined || number < 0)
    throw location(5107200, `invalid argument to $skip stage: Expected a non-negative number in: $skip`)
  return number
}

const skip: MakeStage = (spec) => {
  const count = stageCount(spec, '$skip')
  return function* (docs) {
    let passed = 0
    for (const doc of docs) if (passed++ >= count) yield doc
  }
}

const limit: MakeStage = (spec) => {
  const count = stageCount(spec, '$limit')
  return function* (docs) {
    let passed = 0
    for (const doc of docs) {
      yield doc
      if (++passed >= count) return
    }
  }
}

const count: MakeStage = (spec) => {
  if (typeof spec !== 'string' || spec === '') throw location(40156, 'the count field must be a non-empty string')
  if (spec.startsWith('$')) throw location(40158, 'the count field cannot be a $-prefixed path')
  if (spec.includes('.')) throw location(40160, "the count field cannot contain '.'")
  return function* (docs) {
    let total = 0
    for (const _doc of docs) total++
    if (total > 0) yield { [spec]: total }
  }
}

/** A copy of the document in which the containers on the path are its own. */
const replaceAt = (doc: Doc, [part = '', ...rest]: readonly string[], value: Value | undefined): Doc => {
  const copy = { ...doc }
  if (rest.length === 0) {
    if (value === undefined) delete copy[part]
    else setField(copy, part, value)
    return copy
  }
  const inner = getField(doc, part)
  setField(copy, part, replaceAt(isDoc(inner) ? inner : {}, rest, value))
  return copy
}

const valueAt = (doc: Doc, parts: readonly string[]): Value | undefined =>
  parts.reduce<Value | undefined>((node, part) => (isDoc(node) ? getField(node, part) : undefined), doc)

const unwind: MakeStage = (spec) => {
  const options = isDoc(spec) ? spec : { path: spec }
  const unknown = Object.keys(options).find(
    (name) => !['path', 'preserveNullAndEmptyArrays', 'includeArrayIndex'].includes(name),
  )
  if (unknown !== undefined) throw location(28811, `unrecognized option to $unwind stage: ${unknown}`)
  if (options.includeArrayIndex !== undefined) throw unsupported('the option includeArrayIndex of $unwind')
  const { path, preserveNullAndEmptyArrays: keep = false } = options
  if (typeof path !== 'string') throw location(28812, 'no path specified to $unwind stage')
  if (!path.startsWith('$') || path.startsWith('$$'))
    throw location(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`)
  if (typeof keep !== 'boolean')
    throw location(28809, 'expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage')
  const parts = path.slice(1).split('.')
  return function* (docs) {
    for (const doc of docs) {
      const value = valueAt(doc, parts)
      if (!Array.isArray(value)) {
        if (keep || (value !== undefined && value !== null)) yield doc
      } else if (value.length === 0) {
        if (keep) yield replaceAt(doc, parts, undefined)
      } else {
        for (const element of value) yield replaceAt(doc, parts, element)
      }
    }
  }
}

const stages: Readonly<Record<string, MakeStage>> = {
  $match: match,
  $sort: sort,
  $skip: skip,
  $limit: limit,
  $count: count,
  $unwind: unwind,
  $group: groupStage,
  $project: projectStage,
}

export type NamedStage = { readonly name: string; readonly spec: Value; readonly run: Stage }

/** Reads a pipeline; a stage that is not built here is error 40324, exactly as a stage nobody knows. */
export const parsePipeline = (pipeline: Value | undefined): NamedStage[] => {
  if (!Array.isArray(pipeline))
    throw failure('TypeMismatch', "BSON field 'aggregate.pipeline' is the wrong type, expected type 'array'")
  return pipeline.map((item) => {
    if (!isDoc(item)) throw failure('TypeMismatch', "Each element of the 'pipeline' array must be an object")
    const [name, ...others] = Object.keys(item)
    if (name === undefined || others.length > 0) {
      throw location(40323, 'A pipeline stage specification object must contain exactly one field.')
    }
    if (name === '$changeStream') throw unsupported('a change stream ($changeStream)')
    const makeStage = Object.hasOwn(stages, name) ? stages[name] : undefined
    if (makeStage === undefined) throw location(40324, `Unrecognized pipeline stage name: '${name}'`)
    const spec = item[name] ?? null
    return { name, spec, run: makeStage(spec) }
  })
}
