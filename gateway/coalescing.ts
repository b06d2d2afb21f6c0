import type { ExecutionResult, GraphQLFormattedError } from 'graphql'
import type { Asker } from './execution/identity.ts'
import { copy } from './execution/merge.ts'
import { type Data, type FetchRequest, isObject } from './execution/run.ts'

/** Most entities in one call: what a loader of a subgraph asks its database at once. */
const maxEntities = 1_000

type SendAs<Context> = (request: FetchRequest, asker: Asker<Context>) => Promise<ExecutionResult>

/** One of several equal fetches that wait for one call. */
interface Member {
  readonly representations: readonly unknown[]
  readonly answer: (result: ExecutionResult) => void
  readonly fail: (error: unknown) => void
}

interface Batch<Context> {
  readonly request: FetchRequest
  readonly asker: Asker<Context>
  readonly members: Member[]
  size: number
}

/** The representations of all members, each once, and for each member where its own are. */
const combine = (members: readonly Member[]) => {
  const known = new Map<string, number>()
  const representations: unknown[] = []
  const positions = members.map((member) =>
    member.representations.map((representation) => {
      const key = JSON.stringify(representation)
      const position = known.get(key) ?? representations.push(representation) - 1
      known.set(key, position)
      return position
    }),
  )
  return { representations, positions }
}

/** The part of an answer that belongs to a member: its entities, as a copy of its own, and errors with their paths as it knows them. */
const partOf = (result: ExecutionResult, positions: readonly number[]): ExecutionResult => {
  const entities = isObject(result.data) ? result.data._entities : undefined
  const errors = (result.errors as readonly GraphQLFormattedError[] | undefined)?.flatMap((error) => {
    const [root, position, ...rest] = error.path ?? []
    if (root !== '_entities' || typeof position !== 'number') return [error]
    const own = positions.indexOf(position)
    return own < 0 ? [] : [{ message: error.message, extensions: error.extensions, path: [root, own, ...rest] }]
  })
  return {
    data: Array.isArray(entities) ? { _entities: positions.map((position) => copy(entities[position])) } : result.data,
    ...(result.extensions && { extensions: result.extensions }),
    ...(errors && errors.length > 0 && { errors: errors as unknown as ExecutionResult['errors'] }),
  }
}

/**
 * Makes one call of equal entity fetches: same subgraph, same text, same other variables, same identity, asked for within one turn of
 * the event loop. One event to 500 subscribers so costs one call for each fetch of the plan, and not 500.
 */
export const coalesceEntities = <Context>(send: SendAs<Context>): SendAs<Context> => {
  const waiting = new Map<string, Batch<Context>>()

  const flush = async ({ request, asker, members }: Batch<Context>): Promise<void> => {
    const [only] = members
    try {
      if (only && members.length === 1) return only.answer(await send(request, asker))
      const { representations, positions } = combine(members)
      const result = await send({ ...request, variables: { ...request.variables, representations } }, asker)
      for (const [index, { answer }] of members.entries()) answer(partOf(result, positions[index] ?? []))
    } catch (error) {
      for (const { fail } of members) fail(error)
    }
  }

  const open = (key: string, request: FetchRequest, asker: Asker<Context>): Batch<Context> => {
    const batch: Batch<Context> = { request, asker, members: [], size: 0 }
    waiting.set(key, batch)
    setImmediate(() => {
      if (waiting.get(key) === batch) waiting.delete(key)
      void flush(batch)
    })
    return batch
  }

  return (request, asker) => {
    const { representations, ...others } = (request.variables ?? {}) as Data
    if (request.kind !== 'query' || !Array.isArray(representations)) return send(request, asker)
    const key = [request.subgraph, asker.identity, request.query, JSON.stringify(others)].join('\n')
    const known = waiting.get(key)
    // A full batch goes as it is; who comes later waits with the next one.
    const fits = known && known.size + representations.length <= maxEntities
    const batch = fits ? known : open(key, request, asker)
    batch.size += representations.length
    const { promise, resolve, reject } = Promise.withResolvers<ExecutionResult>()
    batch.members.push({ representations, answer: resolve, fail: reject })
    return promise
  }
}
