import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { envOf, parseExpression } from '../expression/expression.ts'
import { parseFilter } from '../query/matcher.ts'
import type { Scope } from '../query/scope.ts'
import { matchBody } from './match.ts'
import { optimise } from './optimise.ts'
import { type Namespace, readCollection, runStages } from './source.ts'
import type { Context, Rows, Stage } from './stage.ts'
import { resolveView } from './views.ts'

/** Reads another collection; `also` is a further condition, tested ahead of its pipeline. */
export type Foreign = (also?: Doc) => Rows

type Access = { readonly namespace: Namespace; readonly stages: readonly Stage[]; readonly scope: Scope }

/** Another collection, or view, seen through a pipeline. */
export const openForeign = ({ namespace, stages, scope }: Access, context: Context): Foreign => {
  const view = resolveView(context.request.server.catalog, namespace)
  if (view !== undefined) {
    const viewStages = context.parse([...view.pipeline], { ...scope, variables: new Map() }, 'collection')
    return (also) => {
      const extra = also === undefined ? [] : [{ ...matchBody(also, scope), name: '$match', spec: also }]
      return readCollection(view.on, optimise([...viewStages, ...extra, ...stages]), context)
    }
  }
  const plan = optimise(stages)
  return (also) => {
    const conditions = [
      ...(also === undefined ? [] : [also]),
      ...plan.head.specs.flatMap((spec) => implied(spec, scope)),
    ]
    return readCollection(namespace, plan, context, {
      also: conditions.map((condition) => parseFilter(condition, scope)),
    })
  }
}

/** A pipeline that brings its own documents (`$documents`). */
export const openDocuments = ([first, ...rest]: readonly Stage[], scope: Scope, context: Context): Foreign => {
  const source = first === undefined ? [] : [first]
  return (also) => {
    const condition = also === undefined ? [] : [{ ...matchBody(also, scope), name: '$match', spec: also }]
    return runStages([], [...source, ...condition, ...rest], context)
  }
}

const fieldOf = (value: Value): string | undefined =>
  typeof value === 'string' && /^\$[^$]/.test(value) ? value.slice(1) : undefined

const systemVariable = /^\$\$(ROOT|CURRENT)\b/

/** Whether an operand is the same for every document: a variable or a literal. */
const isFixed = (value: Value): boolean => {
  if (typeof value === 'string')
    return !value.startsWith('$') || (value.startsWith('$$') && !systemVariable.test(value))
  return !Array.isArray(value) && (!isDoc(value) || Object.keys(value)[0] === '$literal')
}

const equality = (operands: Value, scope: Scope): Doc[] => {
  if (!Array.isArray(operands) || operands.length !== 2) return []
  const [left = null, right = null] = operands
  const path = fieldOf(left) ?? fieldOf(right)
  const other = fieldOf(left) === undefined ? left : right
  if (path === undefined || !isFixed(other)) return []
  const value = parseExpression(other, scope).evaluate(envOf(undefined)) ?? null
  // `$expr` sees the values of an array on the path as one array, a filter sees each: they agree on all but arrays.
  return kindOf(value) === 'array' ? [] : [{ [path]: { $eq: value } }]
}

const impliedByExpression = (expression: Value, scope: Scope): Doc[] => {
  if (!isDoc(expression)) return []
  const [operator] = Object.keys(expression)
  const operands = operator === undefined ? null : (expression[operator] ?? null)
  if (operator === '$and' && Array.isArray(operands))
    return operands.flatMap((operand) => impliedByExpression(operand, scope))
  return operator === '$eq' ? equality(operands, scope) : []
}

/**
 * Conditions an index can serve that follow from `$expr: {$eq: ["$field", "$$variable"]}` with the present values of
 * the variables. They only add to the filter, which is tested as well.
 */
const implied = (spec: Doc, scope: Scope): Doc[] =>
  spec.$expr === undefined ? [] : impliedByExpression(spec.$expr, scope)
