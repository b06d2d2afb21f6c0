import { fieldNames, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { plainScope, type Scope } from '../query/scope.ts'
import { checkRules } from './rules.ts'
import type { Parsing, Place, Stage } from './stage.ts'
import { stages } from './stages.ts'

const parseStage = (item: Value, parsing: Parsing): Stage => {
  if (!isDoc(item)) throw failure('TypeMismatch', "Each element of the 'pipeline' array must be an object")
  const [name, ...others] = fieldNames(item)
  if (name === undefined || others.length > 0)
    throw location(40323, 'A pipeline stage specification object must contain exactly one field.')
  const parse = stages.get(name)
  if (parse === undefined) throw location(40324, `Unrecognized pipeline stage name: '${name}'`)
  const spec = item[name] ?? null
  return { ...parse(spec, parsing), name, spec }
}

const maxLength = 1000

/**
 * Reads a pipeline; throws 40324 for an unknown stage, and MongoDB's own error for whatever a stage's specification or
 * place does not allow. A change stream's first stage is not for this parser: give it the rest, with no place's rules.
 */
export const parsePipeline = (
  pipeline: Value | undefined,
  scope: Scope = plainScope(),
  place: Place = 'collection',
): readonly Stage[] => {
  if (!Array.isArray(pipeline))
    throw failure(
      'TypeMismatch',
      `BSON field 'aggregate.pipeline' is the wrong type '${pipeline === undefined ? 'missing' : kindOf(pipeline)}', expected type 'array'`,
    )
  if (pipeline.length > maxLength)
    throw failure('FailedToParse', `Pipeline length must be no longer than ${maxLength} stages`)
  const parsed = pipeline.map((item) => parseStage(item, { scope, pipeline: parsePipeline }))
  checkRules(parsed, place)
  return parsed
}
