import { Binary } from 'bson'
import { show } from '../bson/show.ts'
import type { Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { isNullish, typeName } from './operands.ts'

/** How bytes are written as text: MongoDB's names. */
export const binaryFormats = ['auto', 'base64', 'base64url', 'hex', 'utf8', 'uuid'] as const

export type BinaryFormat = (typeof binaryFormats)[number]

const uuidSubtype = 4

const isFormat = (text: string): text is BinaryFormat => (binaryFormats as readonly string[]).includes(text)

/** The format an operand names; null for a null one. Throws BadValue for an unknown one, FailedToParse for no string. */
export const formatOf = (value: Value | undefined): BinaryFormat | null => {
  if (isNullish(value)) return null
  if (typeof value !== 'string') {
    throw failure(
      'FailedToParse',
      `$convert requires that 'format' be a string, found: ${typeName(value)} with value ${show(value)}`,
    )
  }
  if (!isFormat(value)) throw failure('BadValue', `Invalid 'format' argument for $convert: ${value}`)
  return value
}

const conversion = (message: string): Error =>
  failure('ConversionFailure', `${message} in $convert with no onError value`)

const uuidText = (hex: string): string => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

/** The text of bytes; `auto` is uuid for a UUID and base64 for other bytes. */
export const binaryToText = (binary: Binary, format: BinaryFormat): string => {
  const bytes = Buffer.from(binary.buffer.subarray(0, binary.position))
  const isUuid = binary.sub_type === uuidSubtype && bytes.length === 16
  const chosen = format === 'auto' ? (isUuid ? 'uuid' : 'base64') : format
  if (chosen === 'base64url') return bytes.toString('base64url')
  if (chosen === 'hex') return bytes.toString('hex').toUpperCase()
  if (chosen === 'base64') return bytes.toString('base64')
  if (chosen === 'uuid') {
    if (isUuid) return uuidText(bytes.toString('hex'))
    throw conversion(`Unable to interpret the binary as a UUID: its subtype is ${binary.sub_type}`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw conversion('BinData does not represent a valid UTF-8 string')
  }
}

const readers: Readonly<Record<Exclude<BinaryFormat, 'auto'>, (text: string) => Buffer | undefined>> = {
  base64: (text) =>
    /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) ? Buffer.from(text, 'base64') : undefined,
  base64url: (text) =>
    /^[A-Za-z0-9_-]*={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1
      ? Buffer.from(text, 'base64url')
      : undefined,
  hex: (text) => (/^([0-9a-f]{2})*$/i.test(text) ? Buffer.from(text, 'hex') : undefined),
  utf8: (text) => Buffer.from(text, 'utf8'),
  uuid: (text) =>
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
      ? Buffer.from(text.replaceAll('-', ''), 'hex')
      : undefined,
}

/** The bytes a text stands for; only a UUID may have the subtype 4 and must. */
export const textToBinary = (text: string, format: BinaryFormat, subtype: number): Binary => {
  if (format === 'auto') throw conversion(`Cannot use 'auto' to convert a string to BinData`)
  if ((format === 'uuid') !== (subtype === uuidSubtype)) {
    throw conversion(
      `Can only convert to UUID subtype ${uuidSubtype} with the format 'uuid', and with it to nothing else`,
    )
  }
  const bytes = readers[format](text)
  if (bytes === undefined) throw conversion(`Input string '${text}' is not a valid ${format} string`)
  return new Binary(bytes, subtype)
}

/** A binary as binary: MongoDB does not change the subtype. */
export const binaryToBinary = (binary: Binary, subtype: number): Binary => {
  if (binary.sub_type === subtype) return binary
  throw conversion('Conversions between different binData subtypes are not supported')
}
