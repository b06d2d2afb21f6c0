import { type ExecutionResult, GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql'
import { firstFieldOf } from './documents.ts'
import { copy, merge } from './merge.ts'
import { objectsAt, placesAt } from './places.ts'
import type { FetchNode } from './plan.ts'
import { compilePick } from './representations.ts'
import { applyRewrites } from './rewrites.ts'
import { type Data, type FetchRequest, isObject, type ResponsePath, type Run, type Step } from './run.ts'

/** Parameters table: errors of one answer. A list whose entities all fail would otherwise repeat one sentence for each. */
const maxErrors = 20

export interface Fetch {
  readonly node: FetchNode
  /** Names from the root of the answer to the objects that the fetch is about. */
  readonly path: readonly string[]
  readonly schema: GraphQLSchema
  readonly isPublic: boolean
}

const at = (error: unknown, path: ResponsePath): GraphQLError => {
  if (!(error instanceof Error)) {
    const { message, extensions } = error as GraphQLFormattedError
    return new GraphQLError(message, { path, extensions })
  }
  const extensions = error instanceof GraphQLError ? error.extensions : undefined
  return new GraphQLError(error.message, { path, extensions, originalError: error })
}

const pickVariables = (names: readonly string[] | undefined, variables: Readonly<Data>): Data => {
  const picked: Data = {}
  for (const name of names ?? []) if (variables[name] !== undefined) picked[name] = variables[name]
  return picked
}

const requestOf = ({ node, isPublic }: Fetch, variables: Data): FetchRequest => ({
  subgraph: node.serviceName,
  query: node.operation,
  variables,
  kind: node.operationKind === 'mutation' ? 'mutation' : 'query',
  isPublic,
})

/** A fetch of root fields; for a root that is reached again below other fields it stands at several places, with one answer for all. */
const compileRootFetch = (fetch: Fetch): Step => {
  const { node, path, schema } = fetch
  const firstField = firstFieldOf(node.operation)
  return async (run) => {
    const objects = objectsAt(run.data, path)
    if (objects.length === 0) return
    const [place = []] = path.length === 0 ? [] : placesAt(run.data, path)
    const fail = (error: unknown, below: ResponsePath): void => {
      run.errors.push(at(error, [...place, ...below]))
    }
    try {
      const { data, errors } = await run.send(requestOf(fetch, pickVariables(node.variableUsages, run.variables)))
      for (const error of (errors ?? []).slice(0, maxErrors)) fail(error, error.path ?? [firstField])
      if (!isObject(data)) return
      applyRewrites(schema, node.outputRewrites, data)
      for (const [index, object] of objects.entries()) merge(object, index === 0 ? data : copy(data))
    } catch (error) {
      fail(error, [firstField])
    }
  }
}

/** Representations without repetition, each with the objects that it stands for, by their position. */
interface Demand {
  readonly representations: Data[]
  readonly wantedBy: number[][]
}

const entitiesOf = ({ data }: ExecutionResult, count: number): unknown[] | null => {
  if (!isObject(data)) return null
  const { _entities: entities } = data
  if (!Array.isArray(entities) || entities.length !== count)
    throw new Error(`A subgraph was asked for ${count} entities and has answered something else.`)
  return entities
}

/** A fetch of fields of entities, which a subgraph finds by the representations that are built from what is there. */
const compileEntityFetch = (fetch: Fetch): Step => {
  const { node, path, schema } = fetch
  const pick = compilePick(node.requires ?? [], schema)
  const firstField = firstFieldOf(node.operation)

  const demandOf = (objects: readonly Data[]): Demand => {
    const known = new Map<string, number>()
    const demand: Demand = { representations: [], wantedBy: [] }
    for (const [position, object] of objects.entries()) {
      const representation = pick(object)
      if (typeof representation?.__typename !== 'string') continue
      applyRewrites(schema, node.inputRewrites, representation)
      const key = JSON.stringify(representation)
      const index = known.get(key)
      if (index === undefined) {
        known.set(key, demand.representations.push(representation) - 1)
        demand.wantedBy.push([position])
      } else demand.wantedBy[index]?.push(position)
    }
    return demand
  }

  /** An error of one entity is one at each place where that entity stands. */
  const fail = (run: Run, { wantedBy }: Demand, errors: readonly (GraphQLFormattedError | Error)[]): void => {
    const places = placesAt(run.data, path)
    const placed = errors.flatMap((error) => {
      const [, index, ...rest] = 'path' in error && error.path ? error.path : []
      const positions = typeof index === 'number' ? (wantedBy[index] ?? []) : (wantedBy[0]?.slice(0, 1) ?? [])
      const below = typeof index === 'number' ? rest : [firstField]
      return positions.map((position) => at(error, [...(places[position] ?? []), ...below]))
    })
    run.errors.push(...placed.slice(0, maxErrors))
  }

  return async (run) => {
    const objects = objectsAt(run.data, path)
    const demand = demandOf(objects)
    const { representations, wantedBy } = demand
    if (representations.length === 0) return
    try {
      const variables = { ...pickVariables(node.variableUsages, run.variables), representations }
      const answer = await run.send(requestOf(fetch, variables))
      if (answer.errors?.length) fail(run, demand, answer.errors)
      for (const [index, entity] of (entitiesOf(answer, representations.length) ?? []).entries()) {
        if (!isObject(entity)) continue
        applyRewrites(schema, node.outputRewrites, entity)
        // Several objects may get parts of one entity: whatever is fetched below it later is the same for all of them.
        for (const position of wantedBy[index] ?? []) {
          const object = objects[position] as Data
          entity.__typename ??= object.__typename
          merge(object, entity)
        }
      }
    } catch (error) {
      fail(run, demand, [error instanceof Error ? error : new Error(String(error))])
    }
  }
}

/** One fetch of a plan as a step. */
export const compileFetch = (fetch: Fetch): Step =>
  fetch.node.requires ? compileEntityFetch(fetch) : compileRootFetch(fetch)
