import { type Doc, fieldsOf, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { parseAddFields } from './addFields.ts'
import { checkArguments, missingField, wrongType } from './specification.ts'
import { mapping, type ParseStage, type Run } from './stage.ts'
import { setWindowFieldsStage } from './window/windowFields.ts'

type Outputs = { readonly windows: Doc; readonly values: Doc }

const outputsOf = (output: Value | undefined): Outputs => {
  if (output === undefined) throw missingField('$fill.output')
  if (!isDoc(output)) throw wrongType('$fill.output', output, 'object')
  const fields = fieldsOf(output)
  if (fields.length === 0)
    throw location(6050203, "The output field in '$fill' must contain an object with at least one element")
  const outputs: Outputs = { windows: {}, values: {} }
  for (const [name, spec] of fields) {
    if (!isDoc(spec)) throw location(6050200, 'Each fill output specification must be an object with exactly one field')
    checkArguments(spec, '$fill', ['method', 'value'])
    const { method, value } = spec
    if (method !== undefined && value !== undefined)
      throw location(
        6050201,
        "Each fill output specification must have exactly one of 'method' or 'value' fields, not both",
      )
    if (method !== undefined && method !== 'locf' && method !== 'linear')
      throw location(6050202, 'Method must be either locf or linear')
    if (method !== undefined) outputs.windows[name] = { [method === 'linear' ? '$linearFill' : '$locf']: `$${name}` }
    if (value !== undefined) outputs.values[name] = { $ifNull: [`$${name}`, value] }
  }
  return outputs
}

const partitionOf = ({ partitionBy, partitionByFields }: Doc): Doc => {
  if (partitionBy !== undefined && partitionByFields !== undefined)
    throw location(6050204, "Maximum one of 'partitionBy' and 'partitionByFields can be specified in '$fill'")
  if (partitionBy !== undefined) return { partitionBy }
  if (partitionByFields === undefined) return {}
  if (!Array.isArray(partitionByFields)) throw wrongType('$fill.partitionByFields', partitionByFields, 'array')
  const fields = partitionByFields.map((name, index): [string, Value] => {
    if (typeof name !== 'string') throw wrongType(`$fill.partitionByFields.${index}`, name, 'string')
    return [name.replaceAll('.', '_'), `$${name}`]
  })
  return { partitionBy: Object.fromEntries(fields) }
}

/** `$fill`: values for what is null or missing: a given one, the last seen one, or one on the line between neighbours. */
export const fillStage: ParseStage = (spec, parsing) => {
  if (!isDoc(spec))
    throw failure('FailedToParse', `The $fill stage specification must be an object, found ${kindOf(spec)}`)
  checkArguments(spec, '$fill', ['partitionBy', 'partitionByFields', 'sortBy', 'output'])
  const { windows, values } = outputsOf(spec.output)
  const partition = partitionOf(spec)
  const runs: Run[] = []
  if (Object.keys(windows).length > 0) {
    const sortBy: Doc = spec.sortBy === undefined ? {} : { sortBy: spec.sortBy }
    runs.push(setWindowFieldsStage({ ...partition, ...sortBy, output: windows }, parsing).run)
  }
  if (Object.keys(values).length > 0) runs.push(mapping(parseAddFields(values, parsing.scope, '$addFields').transform))
  return { run: (rows, context) => runs.reduce((input, run) => run(input, context), rows) }
}
