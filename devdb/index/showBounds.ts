import { ObjectId } from 'bson'
import { emptyArrayKey, invert } from '../bson/keys.ts'
import { show } from '../bson/show.ts'
import type { Doc } from '../bson/values.ts'
import type { IndexScan } from './candidates.ts'
import { everything, type Stretch } from './stretches.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

const numberOf = (body: string): number => {
  const positive = body.charCodeAt(0) >= 128
  const raw = bytes(positive ? body.slice(0, 8) : invert(body.slice(0, 8)))
  if (body.startsWith('\0\0\0\0\0\0\0\0')) return Number.NaN
  if (positive) raw[0] = (raw[0] ?? 0) & 0x7f
  return raw.readDoubleBE()
}

const textOf = (body: string): string =>
  bytes(body.slice(0, body.endsWith('\0\x01') ? -2 : undefined).replaceAll('\0\xff', '\0')).toString('utf8')

/** By the first byte of a key. */
const shown: Readonly<Record<number, (body: string) => string>> = {
  10: () => 'MinKey',
  20: () => 'undefined',
  30: () => 'null',
  40: (body) => String(numberOf(body)).replace('Infinity', 'inf').replace('NaN', 'nan'),
  50: (body) => JSON.stringify(textOf(body)),
  90: (body) => show(new ObjectId(bytes(body))),
  100: (body) => (body === '\x02' ? 'true' : 'false'),
  110: (body) => `new Date(${numberOf(body)})`,
  250: () => 'MaxKey',
}

/** The ends of the ranges that hold all values of one type. */
const edges: Readonly<Record<number, string>> = {
  1: 'MinKey',
  40: 'nan',
  41: 'inf',
  50: '""',
  51: '{}',
  60: '{}',
  70: '[]',
  80: 'BinData(0, )',
  90: "ObjectId('000000000000000000000000')",
  91: "ObjectId('ffffffffffffffffffffffff')",
  100: 'false',
  101: 'true',
  110: 'new Date(-9223372036854775808)',
  111: 'new Date(9223372036854775807)',
  120: 'Timestamp(0, 0)',
  130: '//',
  254: 'MaxKey',
}

const showKey = (key: string): string => {
  const tag = key.charCodeAt(0)
  if (key.length === 1) return edges[tag] ?? `type ${tag}`
  if (key === emptyArrayKey) return 'undefined'
  const body = shown[tag]
  return body === undefined ? `key ${bytes(key).toString('hex')}` : body(key.slice(2))
}

const showStretch = ({ low, lowIncluded, high, highIncluded }: Stretch, direction: 1 | -1): string => {
  const [from, to] = [`${showKey(low)}`, `${showKey(high)}`]
  const open = (included: boolean) => (included ? '[' : '(')
  const close = (included: boolean) => (included ? ']' : ')')
  // All keys of a type, written as MongoDB does, with the end of the type included.
  const highShown = highIncluded || high === everything.high
  return direction === 1
    ? `${open(lowIncluded)}${from}, ${to}${close(highShown)}`
    : `${open(highShown)}${to}, ${from}${close(lowIncluded)}`
}

/** The `indexBounds` of explain: for each field of the index the ranges that are read, in the direction of the scan. */
export const showBounds = ({ view, bounds, reverse }: IndexScan): Doc => {
  const entries = view.fields.map(({ path, direction }, at): [string, string[]] => {
    const read = (reverse ? -direction : direction) as 1 | -1
    const stretches = bounds[at]?.stretches ?? [everything]
    const ordered = read === 1 ? stretches : stretches.toReversed()
    return [path, ordered.map((stretch) => showStretch(stretch, read))]
  })
  return Object.fromEntries(entries)
}
