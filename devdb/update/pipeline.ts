import { parseAddFields } from '../aggregate/addFields.ts'
import { parseProject, parseUnset } from '../aggregate/project.ts'
import { parseReplaceRoot, parseReplaceWith } from '../aggregate/replaceRoot.ts'
import { type Doc, isDoc, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import type { Scope } from '../query/scope.ts'

/** The document that comes out; what goes in is not changed. */
export type Transform = (doc: Doc) => Doc

type ParseStage = (spec: Value, scope: Scope) => { readonly transform: Transform }

const stages: Readonly<Record<string, ParseStage>> = {
  $addFields: (spec, scope) => parseAddFields(spec, scope, '$addFields'),
  $set: (spec, scope) => parseAddFields(spec, scope, '$set'),
  $project: (spec, scope) => parseProject(spec, scope, '$project'),
  $unset: parseUnset,
  $replaceRoot: parseReplaceRoot,
  $replaceWith: parseReplaceWith,
}

/** Stages that would change which documents there are. */
const otherStages = new Set(
  [
    'bucket bucketAuto changeStream changeStreamSplitLargeEvent collStats count currentOp densify documents facet',
    'fill geoNear graphLookup group indexStats limit listLocalSessions listSampledQueries listSearchIndexes',
    'listSessions lookup match merge out planCacheStats querySettings redact sample search searchMeta setWindowFields',
    'skip sort sortByCount unionWith unwind vectorSearch',
  ].flatMap((names) => names.split(' ').map((name) => `$${name}`)),
)

const stageOf = (stage: Value, scope: Scope): Transform => {
  if (!isDoc(stage)) throw failure('TypeMismatch', "Each element of the 'pipeline' array must be an object")
  const [entry, ...others] = Object.entries(stage)
  if (entry === undefined || others.length > 0)
    throw location(40323, 'A pipeline stage specification object must contain exactly one field.')
  const [name, spec] = entry
  const parse = Object.hasOwn(stages, name) ? stages[name] : undefined
  if (parse !== undefined) return parse(spec, scope).transform
  if (!otherStages.has(name)) throw location(40324, `Unrecognized pipeline stage name: '${name}'`)
  throw failure('InvalidOptions', `${name} is not allowed to be used within an update`)
}

const withConstants = (scope: Scope, constants: Doc | undefined): Scope => {
  if (constants === undefined) return scope
  return { ...scope, variables: new Map([...scope.variables, ...Object.entries(constants)]) }
}

/** Reads an update with a pipeline; stages that do more than change one document are refused (72), unknown ones 40324. */
export const parseUpdatePipeline = (pipeline: readonly Value[], scope: Scope, constants?: Doc): Transform => {
  const known = withConstants(scope, constants)
  const transforms = pipeline.map((stage) => stageOf(stage, known))
  return (doc) => transforms.reduce((result, transform) => transform(result), doc)
}
