import { type Doc, isDoc, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { containsText } from './match.ts'
import type { Place, Stage } from './stage.ts'

/** Stages that make documents themselves. */
const firstOnly = new Set([
  '$changeStream',
  '$collStats',
  '$currentOp',
  '$documents',
  '$geoNear',
  '$indexStats',
  '$listLocalSessions',
  '$listSessions',
  '$planCacheStats',
])

const lastOnly = new Set(['$out', '$merge'])

/** Stages of a whole database (`aggregate: 1`), where any other needs a collection. */
const collectionless = new Set(['$changeStream', '$currentOp', '$documents', '$listLocalSessions'])

const notInFacet = new Set([...firstOnly, ...lastOnly, '$facet'])

/** Stages that tell of the server as it is now, or write: a transaction or snapshot cannot hold them. */
export const notInTransaction: ReadonlySet<string> = new Set([
  '$collStats',
  '$currentOp',
  '$indexStats',
  '$listLocalSessions',
  '$listSessions',
  '$merge',
  '$out',
  '$planCacheStats',
])

/** A search in text needs the text index of the collection, which only the first stage reads. */
const checkText = ({ name, spec }: Stage, index: number, place: Place): void => {
  if (name === '$match' && (index > 0 || place === '$facet') && isDoc(spec) && containsText(spec))
    throw location(17313, '$match with $text is only allowed as the first pipeline stage')
}

const checkPosition = ({ name }: Stage, index: number, length: number): void => {
  if (index > 0 && firstOnly.has(name)) throw location(40602, `${name} is only valid as the first stage in a pipeline`)
  if (index < length - 1 && lastOnly.has(name))
    throw location(40601, `${name} can only be the final stage in the pipeline`)
}

const isPipeline = (spec: Value): spec is Doc => isDoc(spec) && Array.isArray(spec.pipeline)

/** Also behind the doors of `$lookup` and `$unionWith` a facet holds no stage that it may not hold itself. */
const checkInFacet = (name: string, spec: Value, inside = ''): void => {
  if (notInFacet.has(name)) throw location(40600, `${name}${inside} is not allowed to be used within a $facet stage`)
  if (!isPipeline(spec)) return
  for (const stage of spec.pipeline as Value[])
    if (isDoc(stage))
      for (const [inner, value] of Object.entries(stage)) checkInFacet(inner, value, ` inside of ${name}`)
}

const checkPlace = ({ name, spec }: Stage, place: Place): void => {
  if (place === '$facet') checkInFacet(name, spec)
  if (place === '$lookup' && (lastOnly.has(name) || name === '$changeStream'))
    throw location(51047, `${name} is not allowed within a $lookup's sub-pipeline`)
  if (place === '$unionWith' && (lastOnly.has(name) || name === '$changeStream'))
    throw location(31441, `${name} is not allowed within a $unionWith's sub-pipeline`)
}

const checkSource = (first: Stage | undefined, place: Place): void => {
  const name = first?.name ?? ''
  if (place === 'database' && !collectionless.has(name))
    throw failure('InvalidNamespace', `{aggregate: 1} is not valid for '${name}'; a collection is required.`)
  if (place === 'collection' && collectionless.has(name) && name !== '$changeStream')
    throw failure(
      'InvalidNamespace',
      name === '$currentOp'
        ? "$currentOp must be run against the 'admin' database with {aggregate: 1}"
        : `'${name}' can only be run with {aggregate: 1}`,
    )
}

/** Throws when a stage stands where MongoDB does not allow it: 40600, 40601, 40602, 17313, 51047, 31441, 73. */
export const checkRules = (stages: readonly Stage[], place: Place): void => {
  stages.forEach((stage, index) => {
    checkPlace(stage, place)
    checkText(stage, index, place)
    checkPosition(stage, index, stages.length)
  })
  checkSource(stages[0], place)
}

const usesScore = (spec: Value): boolean => {
  if (Array.isArray(spec)) return spec.some(usesScore)
  if (!isDoc(spec)) return false
  // A pipeline inside is one of another collection, with a search of its own.
  return Object.entries(spec).some(([name, value]) =>
    name === '$meta' ? value === 'textScore' : name !== '$literal' && name !== 'pipeline' && usesScore(value),
  )
}

/** Throws 40218 when the score of a text search is asked for and the pipeline begins with none. */
export const checkScore = ([first, ...rest]: readonly Stage[]): void => {
  if (first?.name === '$match' && isDoc(first.spec) && containsText(first.spec)) return
  if (first !== undefined && [first, ...rest].some(({ spec }) => usesScore(spec)))
    throw location(40218, 'query requires text score metadata, but it is not available')
}

/** Throws 263 for a stage that a transaction cannot hold. */
export const checkInTransaction = (stages: readonly Stage[]): void => {
  const found = stages.find(({ name }) => notInTransaction.has(name))
  if (found !== undefined)
    throw failure(
      'OperationNotSupportedInTransaction',
      `Stage not supported inside of a multi-document transaction: ${found.name}`,
    )
}
