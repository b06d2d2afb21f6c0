import type { Binary } from 'bson'
import { isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { Test } from './comparison.ts'
import { nonNegativeInteger, wholeNumber } from './integers.ts'

type IsSet = (position: number) => boolean

const bitOfInteger =
  (value: bigint): IsSet =>
  (position) =>
    // Beyond int64 the sign goes on for ever.
    position > 63 ? value < 0n : ((value >> BigInt(position)) & 1n) === 1n

const bitOfBytes =
  ({ buffer, position: length }: Binary): IsSet =>
  (position) => {
    const byte = position >> 3
    return byte < length && (((buffer[byte] ?? 0) >> (position & 7)) & 1) === 1
  }

const setBits = (isSet: IsSet, count: number): number[] =>
  Array.from({ length: count }, (_, position) => position).filter(isSet)

/** The positions an operand names: a bit mask as a number or as bytes, or a list of positions. */
const positionsOf = (name: string, operand: Value): number[] => {
  if (Array.isArray(operand)) {
    return operand.map((item, index) => {
      try {
        return nonNegativeInteger(String(index), item)
      } catch (error) {
        throw failure('BadValue', `Failed to parse bit position. ${error instanceof Error ? error.message : ''}`)
      }
    })
  }
  if (kindOf(operand) === 'binData') return setBits(bitOfBytes(operand as Binary), (operand as Binary).position * 8)
  if (!isNumeric(operand))
    throw failure('BadValue', `${name} takes an Array, a number, or a BinData but received: ${kindOf(operand)}`)
  nonNegativeInteger(name, operand)
  return setBits(bitOfInteger(wholeNumber(operand) ?? 0n), 64)
}

const bitsOf = (value: Value | undefined): IsSet | undefined => {
  if (value === undefined) return undefined
  if (kindOf(value) === 'binData') return bitOfBytes(value as Binary)
  const whole = kindOf(value) === 'decimal' ? undefined : wholeNumber(value)
  return whole === undefined ? undefined : bitOfInteger(whole)
}

const bitTest =
  (holds: (isSet: IsSet, positions: readonly number[]) => boolean) =>
  (name: string, operand: Value): Test => {
    const positions = positionsOf(name, operand)
    return {
      opens: true,
      test: (value) => {
        const isSet = bitsOf(value)
        return isSet !== undefined && holds(isSet, positions)
      },
    }
  }

/** `$bitsAllSet` and its like: they match integers of any number type but decimal, and binary data. */
export const bitTests: Readonly<Record<string, (name: string, operand: Value) => Test>> = {
  $bitsAllSet: bitTest((isSet, positions) => positions.every(isSet)),
  $bitsAllClear: bitTest((isSet, positions) => !positions.some(isSet)),
  $bitsAnySet: bitTest((isSet, positions) => positions.some(isSet)),
  $bitsAnyClear: bitTest((isSet, positions) => !positions.every(isSet)),
}
