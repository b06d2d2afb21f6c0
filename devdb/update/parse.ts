import { show } from '../bson/show.ts'
import { type Doc, fieldNames, fieldsOf, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { plainScope, type Scope } from '../query/scope.ts'
import type { Change } from './change.ts'
import { changeOf } from './operators.ts'
import { checkConflicts, checkReplacementNames, compareParts, isDollarField, isDynamic, pathParts } from './paths.ts'
import { parseUpdatePipeline, type Transform } from './pipeline.ts'

/** One change at one path, as written in the update: the path may still hold `$`, `$[]` and `$[name]`. */
export type Action = {
  readonly operator: string
  readonly path: string
  readonly parts: readonly string[]
  readonly change: Change
  /** Whether a document may be nested deeper afterwards than is allowed. */
  readonly deepens: boolean
}

export type Operators = {
  readonly kind: 'operators'
  readonly actions: readonly Action[]
  readonly spec: Doc
  /** Whether it needs the position the query found (`$`), or any position that differs from document to document. */
  readonly positional: boolean
  readonly dynamic: boolean
  readonly touchesId: boolean
  /** A path to a top field named like an operator: an upsert may insert such a field, an update never write it. */
  readonly dollarPath: readonly string[] | undefined
}
export type Replacement = { readonly kind: 'replacement'; readonly doc: Doc }
export type Pipeline = { readonly kind: 'pipeline'; readonly transform: Transform }
export type Update = Operators | Replacement | Pipeline

// An operand may come to stand two levels below its path (`$push` with `$each`), far from the limit of 180.
const surelyShallow = 100

const depthOf = (value: Value): number => {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Array.isArray(value) ? value : isDoc(value) ? Object.values(value) : []
  let deepest = 0
  for (const item of inner) deepest = Math.max(deepest, depthOf(item))
  return deepest + 1
}

const actionsOf = ([operator, fields]: [string, Value], scope: Scope): Action[] => {
  const makeChange = changeOf(operator)
  if (!isDoc(fields)) {
    throw failure(
      'FailedToParse',
      `Modifiers operate on fields but we found type ${kindOf(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${show(fields)}}`,
    )
  }
  return fieldsOf(fields).map(([path, operand]) => {
    const parts = pathParts(path)
    const deepens = operator === '$rename' || parts.length + depthOf(operand) > surelyShallow
    return { operator, path, parts, change: makeChange(path, operand, scope), deepens }
  })
}

// What `$rename` writes is the second path of its change.
const neverWrite = ['$unset', '$rename', '$setOnInsert']

const parseOperators = (spec: Doc, scope: Scope): Operators => {
  const actions = fieldsOf(spec).flatMap((entry) => actionsOf(entry, scope))
  const renames = actions.flatMap(({ change }) => (change.alsoAt === undefined ? [] : [change.alsoAt]))
  checkConflicts([...actions.map(({ parts }) => parts), ...renames])
  const written = actions.filter(({ operator }) => !neverWrite.includes(operator)).map(({ parts }) => parts)
  return {
    kind: 'operators',
    // MongoDB applies changes in the order of their paths, so new fields appear in that order.
    actions: actions.sort((a, b) => compareParts(a.parts, b.parts)),
    spec,
    positional: actions.some(({ parts }) => parts.includes('$')),
    dynamic: actions.some(({ parts }) => isDynamic(parts)),
    touchesId: [...actions.map(({ parts }) => parts), ...renames].some(([first]) => first === '_id'),
    dollarPath: [...written, ...renames].find(isDollarField),
  }
}

const parseReplacement = (doc: Doc, multi: boolean): Replacement => {
  checkReplacementNames(fieldNames(doc))
  if (multi) throw failure('FailedToParse', 'multi update is not supported for replacement-style update')
  return { kind: 'replacement', doc }
}

/**
 * Reads an update: operators, a replacement (never with `multi`), or a pipeline, which alone may use the `constants` of
 * its statement as variables. Throws MongoDB's errors (9, 40, 52, 56, 51198 and the operators' own).
 */
export const parseUpdate = (
  update: Value | undefined,
  multi: boolean,
  scope: Scope = plainScope(),
  constants?: Doc,
): Update => {
  if (Array.isArray(update)) return { kind: 'pipeline', transform: parseUpdatePipeline(update, scope, constants) }
  if (!isDoc(update)) throw failure('FailedToParse', 'Update argument must be either an object or an array')
  if (constants !== undefined) throw location(51198, 'Constant values may only be specified for pipeline updates')
  const [first] = fieldNames(update)
  return first?.startsWith('$') === true ? parseOperators(update, scope) : parseReplacement(update, multi)
}
