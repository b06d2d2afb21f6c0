import { integerOf, makeDouble, toNumber } from '../bson/numbers.ts'
import { show } from '../bson/show.ts'
import { type Doc, isDoc, isInt32, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { envOf } from '../expression/expression.ts'
import { groupByOf, outputOf } from './bucket.ts'
import { type Output, parseOutputs, startOutputs } from './group.ts'
import { compareUnder } from './keys.ts'
import { makeMeter } from './memory.ts'
import { type Series, seriesOf } from './preferredNumbers.ts'
import type { ParseStage } from './stage.ts'

type Row = { readonly doc: Doc; readonly key: Value }

type Bucket = { min: Value; max: Value; readonly rows: Row[] }

const countOf = (value: Value): number => {
  if (!isNumeric(value))
    throw location(40241, `The $bucketAuto 'buckets' field must be a numeric value, but found type: ${kindOf(value)}.`)
  const count = integerOf(value)
  if (count === undefined || !isInt32(count))
    throw location(
      40242,
      `The $bucketAuto 'buckets' field must be representable as a 32-bit integer, but found ${show(value)}.`,
    )
  if (count <= 0) throw location(40243, `The $bucketAuto 'buckets' field must be greater than 0, but found: ${count}.`)
  return count
}

const granularityOf = (value: Value | undefined): Series | undefined => {
  if (value === undefined) return undefined
  if (typeof value !== 'string')
    throw location(40261, `The $bucketAuto 'granularity' field must be a string, but found type: ${kindOf(value)}.`)
  const series = seriesOf(value)
  if (series === undefined) throw location(40257, `Unknown rounding granularity '${value}'`)
  return series
}

const numberOf = (value: Value): number => {
  if (!isNumeric(value))
    throw location(
      40258,
      `$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a value with type: ${kindOf(value)}`,
    )
  const number = toNumber(value)
  if (Number.isNaN(number))
    throw location(40259, "$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a NaN")
  if (number < 0)
    throw location(
      40260,
      "$bucketAuto can specify a 'granularity' with non-negative numbers only, but found a negative number",
    )
  return number
}

type Options = {
  readonly count: number
  readonly series: Series | undefined
  readonly order: (a: Value, b: Value) => number
}

/** As equal in size as equal values allow, which stay together; no more than `count`. */
const divide = (rows: readonly Row[], { count, series, order }: Options): Bucket[] => {
  const size = Math.max(1, Math.round(rows.length / count))
  const buckets: Bucket[] = []
  let at = 0
  while (at < rows.length) {
    const last = buckets.length === count - 1
    const taken = rows.slice(at, last ? rows.length : at + size)
    at += taken.length
    const top = (): Value => taken.at(-1)?.key ?? null
    const limit = series === undefined ? undefined : makeDouble(series.roundUp(numberOf(top())))
    for (let next = rows[at]; next !== undefined; next = rows[++at]) {
      if (
        limit === undefined ? order(top(), next.key) !== 0 : order(limit, next.key) <= 0 && order(top(), next.key) !== 0
      )
        break
      taken.push(next)
    }
    buckets.push({ min: taken[0]?.key ?? null, max: top(), rows: taken })
  }
  return buckets
}

/** A bucket ends where the next begins; the last one at its greatest value. */
const setBounds = (buckets: readonly Bucket[], series: Series | undefined): void => {
  for (const [index, bucket] of buckets.entries()) {
    const next = buckets[index + 1]
    if (series === undefined) {
      if (next !== undefined) bucket.max = next.min
      continue
    }
    const below = buckets[index - 1]
    bucket.min = below === undefined ? makeDouble(series.roundDown(numberOf(bucket.min))) : below.max
    const top = numberOf(bucket.max)
    const raised = top === 0 && next !== undefined ? series.roundDown(numberOf(next.min)) : series.roundUp(top)
    bucket.max = makeDouble(raised)
  }
}

const resultOf = ({ min, max, rows }: Bucket, outputs: readonly Output[]): Doc => {
  const id = { min, max }
  const state = startOutputs(outputs, id)
  for (const { doc } of rows) state.add(envOf(doc))
  const result: Doc = { _id: id }
  state.write(result)
  return result
}

/** `$bucketAuto`: a given number of buckets of about the same size. */
export const bucketAutoStage: ParseStage = (spec, { scope }) => {
  if (!isDoc(spec))
    throw location(40240, `The argument to $bucketAuto must be an object, but found type: ${kindOf(spec)}.`)
  const unknown = Object.keys(spec).find((name) => !['groupBy', 'buckets', 'output', 'granularity'].includes(name))
  if (unknown !== undefined) throw location(40245, `Unrecognized option to $bucketAuto: ${unknown}.`)
  if (spec.groupBy === undefined || spec.buckets === undefined)
    throw location(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified.")
  const groupBy = groupByOf(spec.groupBy, scope)
  if (groupBy === undefined)
    throw location(
      40239,
      `The $bucketAuto 'groupBy' field must be defined as a $-prefixed path or an expression object, but found: ${show(spec.groupBy)}.`,
    )
  const order = compareUnder(scope.collation)
  const options = { count: countOf(spec.buckets), series: granularityOf(spec.granularity), order }
  const output = outputOf(spec.output, (kind) =>
    location(40244, `The $bucketAuto 'output' field must be an object, but found type: ${kind}.`),
  )
  const outputs = parseOutputs(output, scope)
  return {
    run: (rows, context) => {
      const note = makeMeter(context, '$bucketAuto')
      const keyed = Array.from(rows, (doc): Row => {
        note(doc)
        const key = groupBy.evaluate(envOf(doc)) ?? null
        if (options.series !== undefined) numberOf(key)
        return { doc, key }
      }).sort((a, b) => order(a.key, b.key))
      const buckets = divide(keyed, options)
      setBounds(buckets, options.series)
      return buckets.map((bucket) => resultOf(bucket, outputs))
    },
  }
}
