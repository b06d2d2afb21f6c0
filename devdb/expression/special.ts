import type { Binary } from 'bson'
import { encode } from '../bson/encode.ts'
import { makeDouble } from '../bson/numbers.ts'
import { isDoc, kindOf, type Value } from '../bson/values.ts'
import { location, unsupported } from '../errors.ts'
import { metaOf } from '../query/meta.ts'
import { isNullish, type Operator, type Operators, typeName, unary } from './operands.ts'

const rand: Operator = (spec) => {
  const empty = Array.isArray(spec) ? spec.length === 0 : isDoc(spec) && Object.keys(spec).length === 0
  if (!empty) throw location(3040501, '$rand does not currently accept arguments')
  return { constant: false, evaluate: () => makeDouble(Math.random()) }
}

const knownMeta = ['geoNearDistance', 'geoNearPoint', 'indexKey', 'randVal', 'recordId', 'sortKey']

const meta: Operator = (spec) => {
  if (typeof spec !== 'string') throw location(17307, '$meta only supports string arguments')
  if (spec.startsWith('search') || spec === 'vectorSearchScore') throw unsupported(`the metadata ${spec}`)
  if (knownMeta.includes(spec)) throw unsupported(`the metadata ${spec}`)
  if (spec !== 'textScore') throw location(17308, `Unsupported argument to $meta: ${spec}`)
  return {
    constant: false,
    evaluate: ({ root }) => {
      const score = isDoc(root) ? metaOf(root).textScore : undefined
      return score === undefined ? undefined : makeDouble(score)
    },
  }
}

const binarySize = (value: Value | undefined): Value => {
  if (isNullish(value)) return null
  if (typeof value === 'string') return Buffer.byteLength(value, 'utf8')
  if (kindOf(value) === 'binData') return (value as Binary).position
  throw location(51276, `$binarySize requires a string or BinData argument, found: ${typeName(value)}`)
}

const bsonSize = (value: Value | undefined): Value => {
  if (isNullish(value)) return null
  if (isDoc(value)) return encode(value).length
  throw location(31393, `$bsonSize requires a document input, found: ${typeName(value)}`)
}

const refused =
  (what: string): Operator =>
  (_spec, _parser, name) => {
    throw unsupported(`the expression ${name} (${what})`)
  }

export const specialOperators: Operators = {
  $rand: rand,
  $meta: meta,
  $binarySize: unary(binarySize),
  $bsonSize: unary(bsonSize),
  $function: refused('JavaScript'),
  $accumulator: refused('JavaScript'),
  $toHashedIndexKey: refused('hashed indexes'),
}
