import { integerOf } from '../bson/numbers.ts'
import { type Doc, fieldsOf, isDoc, setField, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { type Accumulation, type Accumulator, parseAccumulator } from '../expression/accumulators/accumulators.ts'
import { type Env, type Expression, envOf, parseExpression } from '../expression/expression.ts'
import type { Scope } from '../query/scope.ts'
import { equalityKeyOf } from './keys.ts'
import { makeMeter } from './memory.ts'
import { sortBody } from './sort.ts'
import type { Body, ParseStage, Run } from './stage.ts'

export type Output = { readonly name: string; readonly accumulator: Accumulator }

/** The accumulators of `$group`, `$bucket` and `$bucketAuto`, by the field each result goes to. */
export const parseOutputs = (fields: Doc, scope: Scope): Output[] =>
  fieldsOf(fields).map(([name, value]) => {
    if (name.includes('.')) throw location(40235, `The field name '${name}' cannot contain '.'`)
    if (name.startsWith('$')) throw location(40236, `The field name '${name}' cannot be an operator name`)
    const [operator, ...others] = isDoc(value) ? Object.keys(value) : []
    if (!isDoc(value) || operator === undefined)
      throw location(40234, `The field '${name}' must be an accumulator object`)
    if (others.length > 0) throw location(40238, `The field '${name}' must specify one accumulator`)
    return { name, accumulator: parseAccumulator(operator, value[operator] ?? null, scope) }
  })

/** The running results of one group. */
export const startOutputs = (outputs: readonly Output[], groupKey?: Value) => {
  const states = outputs.map(({ accumulator }): Accumulation => accumulator.start(groupKey))
  return {
    add: (env: Env): void => {
      for (const state of states) state.add(env)
    },
    /** Writes the results into a document; what is missing becomes null. */
    write: (target: Doc): void => {
      for (const [index, { name }] of outputs.entries()) setField(target, name, states[index]?.result() ?? null)
    },
  }
}

type Group = { readonly id: Value; readonly state: ReturnType<typeof startOutputs> }

/** `_id` and the accumulators as a stage of its own: `$sortByCount` and `$bucket` are made of it. */
export const grouping = (id: Expression, outputs: readonly Output[], { collation }: Scope): Run =>
  function* (rows, context) {
    const note = makeMeter(context, '$group')
    const groups = new Map<string, Group>()
    for (const doc of rows) {
      const env = envOf(doc)
      const value = id.evaluate(env) ?? null
      const key = equalityKeyOf(value, collation)
      let group = groups.get(key)
      if (group === undefined) {
        group = { id: value, state: startOutputs(outputs, value) }
        groups.set(key, group)
      }
      group.state.add(env)
      note(doc)
    }
    for (const { id: value, state } of groups.values()) {
      const result: Doc = { _id: value }
      state.write(result)
      yield result
    }
  }

/** Whether the accumulators only count: then the documents need not be read at all. */
const onlyCounts = (fields: Doc): boolean =>
  Object.values(fields).every((value) => isDoc(value) && (integerOf(value.$sum) !== undefined || isDoc(value.$count)))

export const groupStage: ParseStage = (spec, { scope }): Body => {
  if (!isDoc(spec)) throw location(15947, "a group's fields must be specified in an object")
  const { _id: id, ...fields } = spec
  const outputs = parseOutputs(fields, scope)
  if (id === undefined) throw location(15955, 'a group specification must include an _id')
  const expression = parseExpression(id, scope)
  return {
    run: grouping(expression, outputs, scope),
    ...(expression.constant && onlyCounts(fields) && { countsOnly: true }),
  }
}

/** `$sortByCount`: groups by an expression, the biggest group first. */
export const sortByCountStage: ParseStage = (spec, { scope }) => {
  const isPath = typeof spec === 'string' && spec.startsWith('$')
  if (!isDoc(spec) && !isPath)
    throw typeof spec === 'string'
      ? location(40148, 'the sortByCount field must be defined as a $-prefixed path or an expression inside an object')
      : location(40149, 'the sortByCount field must be specified as a string or as an object')
  if (isDoc(spec) && Object.keys(spec)[0]?.startsWith('$') !== true)
    throw location(
      40147,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    )
  const group = grouping(parseExpression(spec, scope), parseOutputs({ count: { $sum: 1 } }, scope), scope)
  const sort = sortBody([{ path: 'count', parts: ['count'], direction: -1 }])
  return { run: (rows, context) => sort.run(group(rows, context), context) }
}
