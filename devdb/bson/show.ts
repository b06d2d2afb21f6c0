import type { Binary, BSONRegExp, Double } from 'bson'
import { type Doc, fieldsOf, kindOf, type Value } from './values.ts'

/** A value as the server's error messages print it. */
export const show = (value: Value | undefined): string => {
  if (value === undefined) return 'null'
  const kind = kindOf(value)
  switch (kind) {
    case 'string':
      return JSON.stringify(value)
    case 'double': {
      const number = typeof value === 'number' ? value : (value as Double).value
      return Number.isInteger(number) ? `${number}.0` : String(number)
    }
    case 'objectId':
      return `ObjectId('${String(value)}')`
    case 'date':
      return `new Date(${(value as Date).getTime()})`
    case 'array':
      return `[ ${(value as Value[]).map(show).join(', ')} ]`
    case 'object':
      return showDoc(value as Doc)
    case 'regex':
      return `/${(value as BSONRegExp).pattern}/${(value as BSONRegExp).options}`
    case 'decimal':
      return `NumberDecimal('${String(value)}')`
    case 'binData':
      return `BinData(${(value as Binary).sub_type}, ${(value as Binary).toString('hex').toUpperCase()})`
    case 'undefined':
      return 'undefined'
    case 'minKey':
      return 'MinKey'
    case 'maxKey':
      return 'MaxKey'
    default:
      return String(value)
  }
}

export const showDoc = (doc: Doc): string => {
  const entries = fieldsOf(doc)
  if (entries.length === 0) return '{}'
  return `{ ${entries.map(([name, value]) => `${name}: ${show(value)}`).join(', ')} }`
}
