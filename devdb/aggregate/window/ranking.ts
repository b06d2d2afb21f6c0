import { type Doc, isDoc, type Value } from '../../bson/values.ts'
import { location } from '../../errors.ts'
import { compareSortKeys, sortKeys } from '../../query/sort.ts'
import type { Call, ParseUnbounded, WindowFunction } from './functions.ts'

/** For each row whether it sorts exactly as the one before it. */
const ties = (docs: readonly Doc[], { sort }: Call): boolean[] => {
  const keys = docs.map((doc) => sortKeys(doc, sort))
  return keys.map((key, index) => {
    const before = keys[index - 1]
    return before !== undefined && compareSortKeys(before, key, sort) === 0
  })
}

const check = ({ name, operand, sort }: Call): void => {
  if (!isDoc(operand) || Object.keys(operand).length > 0)
    throw location(5371603, `${name} must be specified with '{}' as the value`)
  if (sort.length !== 1)
    throw location(5371602, `${name} must be specified with a top level sortBy expression with exactly one element`)
}

const ranked =
  (next: (rank: number, index: number) => number): ParseUnbounded =>
  (call): WindowFunction => {
    check(call)
    return (docs) => {
      let rank = 0
      return ties(docs, call).map((tied, index): Value => {
        if (!tied) rank = next(rank, index)
        return rank
      })
    }
  }

const documentNumber: ParseUnbounded = (call) => {
  check(call)
  return (docs) => docs.map((_doc, index) => index + 1)
}

export const ranking: Readonly<Record<string, ParseUnbounded>> = {
  $rank: ranked((_rank, index) => index + 1),
  $denseRank: ranked((rank) => rank + 1),
  $documentNumber: documentNumber,
}
