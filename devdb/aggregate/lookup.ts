import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { type Expression, envOf, parseExpression } from '../expression/expression.ts'
import { checkVariableName, parsePath } from '../expression/fieldPath.ts'
import { leavesOf } from '../query/paths.ts'
import type { Scope } from '../query/scope.ts'
import { withValueAt } from './fieldPath.ts'
import { type Foreign, openDocuments, openForeign } from './foreign.ts'
import { type HashJoin, makeHashJoin } from './hashJoin.ts'
import type { Body, ParseStage, Parsing, Rows, Stage } from './stage.ts'

const refuse = (message: string): Error => failure('FailedToParse', message)

const text = (spec: Doc, name: string): string | undefined => {
  const value = spec[name]
  if (value === undefined || typeof value === 'string') return value
  throw refuse(`$lookup argument '${name}' must be a string, found ${name}: ${kindOf(value)}`)
}

const argumentNames = ['from', 'localField', 'foreignField', 'as', 'let', 'pipeline']

type Join = { readonly local: readonly string[]; readonly foreign: string }

const joinOf = (spec: Doc): Join | undefined => {
  const [local, foreign] = [text(spec, 'localField'), text(spec, 'foreignField')]
  if ((local === undefined) !== (foreign === undefined))
    throw refuse(`$lookup requires both or neither of 'localField' and 'foreignField' to be specified`)
  if (local === undefined || foreign === undefined) return undefined
  parsePath(foreign)
  return { local: parsePath(local), foreign }
}

/** Variables of a `let`, known within from the parse on and set anew for each document. */
export const parseLet = (spec: Value | undefined, scope: Scope) => {
  if (spec !== undefined && !isDoc(spec))
    throw refuse(`$lookup argument 'let: ${kindOf(spec)}' must be an object, found ${kindOf(spec)}`)
  const bindings = Object.entries(spec ?? {}).map(([name, value]): [string, Expression] => {
    checkVariableName(name)
    return [name, parseExpression(value, scope)]
  })
  const inner: Scope = { ...scope, variables: new Map(scope.variables) }
  for (const [name] of bindings) inner.variables.set(name, undefined)
  return {
    scope: inner,
    bind: (doc: Doc): void => {
      // What the stages around have set may have changed since.
      for (const [name, value] of scope.variables) inner.variables.set(name, value)
      for (const [name, { evaluate }] of bindings) inner.variables.set(name, evaluate(envOf(doc)))
    },
  }
}

const pipelineOf = (value: Value | undefined, scope: Scope, { pipeline }: Parsing): readonly Stage[] => {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw failure('TypeMismatch', "'pipeline' option must be specified as an array")
  return pipeline(value, scope, '$lookup')
}

/** What the local field holds, of an array each element; nothing counts as null. */
const valuesOf = ({ local }: Join, doc: Doc): Value[] => {
  const found = leavesOf(doc, local).filter((value) => value !== undefined)
  return found.length === 0 ? [null] : found
}

const conditionOf = ({ foreign }: Join, values: readonly Value[]): Doc => {
  const [only = null] = values
  if (values.length === 1) return { [foreign]: { $eq: only } }
  const isPattern = (value: Value): boolean => kindOf(value) === 'regex'
  // In `$in` a regular expression would be a pattern; here it is a value.
  if (values.some(isPattern)) return { $or: values.map((value) => ({ [foreign]: { $eq: value } })) }
  return { [foreign]: { $in: [...values] } }
}

/** The search of the foreign documents of one document; from the second on through a table where no index serves. */
const joining = (join: Join, foreign: Foreign, table: HashJoin | undefined): ((doc: Doc) => Rows) => {
  let isFirst = true
  return (doc) => {
    const values = valuesOf(join, doc)
    const condition = conditionOf(join, values)
    if (isFirst || table === undefined) {
      isFirst = false
      return foreign(condition)
    }
    return table(values, condition)
  }
}

const checkShape = (spec: Doc): void => {
  const unknown = Object.keys(spec).find((name) => !argumentNames.includes(name))
  if (unknown !== undefined) throw refuse(`unknown argument to $lookup: ${unknown}`)
  if (isDoc(spec.from)) throw failure('FailedToParse', "$lookup argument 'from' must be a string, found from: object")
  if (spec.as === undefined) throw refuse("must specify 'as' field for a $lookup")
  if (spec.pipeline === undefined && (spec.localField === undefined || spec.foreignField === undefined))
    throw refuse("$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified")
  if (spec.pipeline === undefined && spec.let !== undefined)
    throw refuse("$lookup with a 'let' argument must also specify 'pipeline'")
}

/** `$lookup`: the documents of another collection that belong to each; its indexes serve the search. */
export const lookupStage: ParseStage = (spec, parsing): Body => {
  if (!isDoc(spec)) throw refuse(`the $lookup stage specification must be an object, but found ${kindOf(spec)}`)
  checkShape(spec)
  const join = joinOf(spec)
  const path = text(spec, 'as') ?? ''
  const as = parsePath(path)
  const { scope, bind } = parseLet(spec.let, parsing.scope)
  const stages = pipelineOf(spec.pipeline, scope, parsing)
  const from = text(spec, 'from')
  const ownDocuments = stages[0]?.name === '$documents'
  if (from === undefined && !ownDocuments) throw refuse("must specify 'from' field for a $lookup")
  if (from === '') throw failure('InvalidNamespace', "invalid $lookup namespace: ''")
  return {
    modifies: [path],
    run: function* (rows, context) {
      const namespace = { database: context.database, collection: from ?? '' }
      const foreign = ownDocuments
        ? openDocuments(stages, scope, context)
        : openForeign({ namespace, stages, scope }, context)
      const table =
        join === undefined || ownDocuments
          ? undefined
          : makeHashJoin({ namespace, path: join.foreign, stages, scope }, context)
      const search = join === undefined ? () => foreign() : joining(join, foreign, table)
      for (const doc of rows) {
        bind(doc)
        yield withValueAt(doc, as, [...search(doc)])
      }
    },
  }
}
