import { integerOf } from '../bson/numbers.ts'
import { show } from '../bson/show.ts'
import { isDoc, isNumeric, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import type { Body, ParseStage } from './stage.ts'

const wholeNumber = (spec: Value, code: number, stage: string): number => {
  const number = integerOf(spec)
  if (number !== undefined && number >= 0) return number
  const fault = !isNumeric(spec)
    ? 'Expected a number in'
    : number === undefined
      ? 'Expected an integer'
      : 'Expected a non-negative number in'
  throw location(code, `invalid argument to ${stage} stage: ${fault}: ${stage}: ${show(spec)}`)
}

export const skipStage: ParseStage = (spec): Body => {
  const skip = wholeNumber(spec, 5107200, '$skip')
  return {
    skip,
    run: function* (rows) {
      let passed = 0
      for (const doc of rows) if (passed++ >= skip) yield doc
    },
  }
}

export const limitStage: ParseStage = (spec): Body => {
  const limit = wholeNumber(spec, 5107201, '$limit')
  if (limit === 0) throw location(15958, 'the limit must be positive')
  return {
    limit,
    run: function* (rows) {
      let passed = 0
      for (const doc of rows) {
        yield doc
        if (++passed >= limit) return
      }
    },
  }
}

export const countStage: ParseStage = (spec) => {
  if (typeof spec !== 'string') throw location(40156, 'the count field must be a non-empty string')
  if (spec === '') throw location(40157, 'the count field must be a non-empty string')
  if (spec.startsWith('$')) throw location(40158, 'the count field cannot be a $-prefixed path')
  if (spec.includes('\0')) throw location(40159, 'the count field cannot contain a null byte')
  if (spec.includes('.')) throw location(40160, "the count field cannot contain '.'")
  return {
    run: function* (rows) {
      let total = 0
      for (const _doc of rows) total++
      if (total > 0) yield { [spec]: total }
    },
  }
}

/** `$sample`: chosen evenly, without repetition. */
export const sampleStage: ParseStage = (spec) => {
  if (!isDoc(spec)) throw location(28745, 'the $sample stage specification must be an object')
  const unknown = Object.keys(spec).find((name) => name !== 'size')
  if (unknown !== undefined) throw location(28748, `unrecognized option to $sample: ${unknown}`)
  if (spec.size === undefined) throw location(28749, '$sample stage must specify a size')
  if (!isNumeric(spec.size)) throw location(28746, 'size argument to $sample must be a number')
  const size = integerOf(spec.size) ?? 0
  if (size <= 0) throw location(28747, 'size argument to $sample must be a positive integer')
  return {
    run: (rows) => {
      const docs = [...rows]
      const wanted = Math.min(size, docs.length)
      for (let index = 0; index < wanted; index++) {
        const other = index + Math.floor(Math.random() * (docs.length - index))
        const chosen = docs[other]
        const passed = docs[index]
        if (chosen === undefined || passed === undefined) break
        docs[index] = chosen
        docs[other] = passed
      }
      return docs.slice(0, wanted)
    },
  }
}
