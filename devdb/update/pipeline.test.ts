import { Long } from 'bson'
import { describe, expect, it } from 'vitest'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import type { Doc, Value } from '../bson/values.ts'
import { parseFilter } from '../query/matcher.ts'
import { plainScope } from '../query/scope.ts'
import { applyUpdate } from './apply.ts'
import { parseUpdate } from './parse.ts'
import { upsertDocument } from './upsert.ts'

const now = new Date(5000)
const none = new Map()

const run = (doc: Doc, pipeline: Value, constants?: Doc): Doc => {
  const update = parseUpdate(pipeline, false, plainScope(now), constants)
  return applyUpdate(decode(encode({ _id: 1, ...doc })), update, { filters: none, inserting: false, now })
}

describe('an update with a pipeline', () => {
  it.each<[string, Doc, Value, Doc]>([
    ['$set computes', { a: 1, b: 2 }, [{ $set: { c: { $add: ['$a', '$b'] } } }], { a: 1, b: 2, c: 3 }],
    [
      'stages see each other',
      { a: 1 },
      [{ $set: { b: { $add: ['$a', 1] } } }, { $set: { c: '$b' } }],
      { a: 1, b: 2, c: 2 },
    ],
    ['$addFields and $unset', { a: 1, b: 2 }, [{ $addFields: { c: 1 } }, { $unset: 'a' }], { b: 2, c: 1 }],
    ['$project keeps the _id', { a: 1, b: 2 }, [{ $project: { a: 1, _id: 0 } }], { a: 1 }],
    ['$replaceWith keeps the _id', { a: { x: 1 } }, [{ $replaceWith: '$a' }], { x: 1 }],
    ['$replaceRoot', { a: { x: 1 } }, [{ $replaceRoot: { newRoot: '$a' } }], { x: 1 }],
    ['an empty pipeline changes nothing', { a: 1 }, [], { a: 1 }],
    ['the time of the command', {}, [{ $set: { at: '$$NOW' } }], { at: now }],
    [
      'a long stays a long',
      { n: Long.fromNumber(5) },
      [{ $set: { n: { $add: ['$n', 1] } } }],
      { n: Long.fromNumber(6) },
    ],
  ])('%s', (_name, doc, pipeline, expected) => {
    expect(encode(run(doc, pipeline)).toString('hex')).toBe(encode({ _id: 1, ...expected }).toString('hex'))
  })

  it('given constants, then they are variables of this update only', () => {
    expect(run({ a: 1 }, [{ $set: { b: '$$step' } }], { step: 5 })).toEqual({ _id: 1, a: 1, b: 5 })
    expect(() => parseUpdate([{ $set: { b: '$$step' } }], false, plainScope(now))).toThrow(
      expect.objectContaining({ code: 17276 }),
    )
    expect(() => parseUpdate({ $set: { a: 1 } }, false, plainScope(now), {})).toThrow(
      expect.objectContaining({ code: 51198 }),
    )
  })

  it('given an upsert, then the equalities of the filter go through the pipeline', () => {
    const update = parseUpdate([{ $set: { b: { $add: ['$a', 1] } } }], false, plainScope(now))
    expect(upsertDocument(parseFilter({ _id: 7, a: 1 }), update, { filters: none, now })).toEqual({
      _id: 7,
      a: 1,
      b: 2,
    })
  })

  it.each<[Value, number, string]>([
    [[{ $match: {} }], 72, '$match is not allowed to be used within an update'],
    [[{ $group: { _id: 1 } }], 72, '$group is not allowed to be used within an update'],
    [[{ $nope: {} }], 40324, "Unrecognized pipeline stage name: '$nope'"],
    [[{ $set: { a: 1 }, $unset: 'b' }], 40323, 'must contain exactly one field'],
    [[1], 14, "Each element of the 'pipeline' array must be an object"],
    [[{ $set: { _id: 2 } }], 66, "the (immutable) field '_id' was found to have been altered to _id: 2"],
    [[{ $replaceWith: '$missing' }], 40228, "'replacement document' must evaluate to an object"],
  ])('%j is refused with code %i', (pipeline, code, message) => {
    expect(() => run({ a: 1 }, pipeline)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })
})
