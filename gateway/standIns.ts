import { type ExecutionResult, GraphQLError } from 'graphql'
import { LRUCache } from 'lru-cache'
import { type Clock, isWithin, type Millis, minutes, seconds } from '#kernel/time.ts'
import { metrics } from '#platform/metrics/table.ts'
import { type Asker, inNobodysName } from './execution/identity.ts'
import { type Data, type FetchRequest, isObject } from './execution/run.ts'

type SendAs<Context> = (request: FetchRequest, asker: Asker<Context>) => Promise<ExecutionResult>

/** An entity as JSON, as one kind of fetch has brought it. */
interface Kept {
  readonly text: string
  readonly asOf: Millis
}

/** How long an entity may stand in, as long as the copies that subgraphs keep (ADR 0031). */
const keptFor = minutes(10)
/** What is known for less is not written down again. */
const renewedAfter = seconds(1)
/** Characters of all entities with their keys (R13). */
const mostCharacters = 8_000_000
/** Texts of fetches with their other variables. */
const mostKinds = 1_000

const unavailable = (error: unknown): GraphQLError | null =>
  error instanceof GraphQLError && error.extensions.code === 'UNAVAILABLE' ? error : null

/** A fetch of what everybody may see of entities that are known by their keys. */
const representationsOf = ({ isPublic, kind, variables }: FetchRequest): readonly unknown[] | null => {
  const representations = variables?.representations
  return isPublic && kind === 'query' && Array.isArray(representations) ? representations : null
}

/**
 * Remembers what everybody may see of entities, and answers with it while their subgraph does not: the last price is shown, and with
 * `staleSince` noted to be one, instead of none (matrix: browse without pricing). Entities that were never seen fail as before. What
 * somebody sees more than others is not remembered; roots, such as lists, are asked anew or not answered.
 */
export const standInForEntities = <Context>(send: SendAs<Context>, clock: Clock): SendAs<Context> => {
  const kinds = new LRUCache<string, number>({ max: mostKinds })
  const kept = new LRUCache<string, Kept>({
    maxSize: mostCharacters,
    sizeCalculation: ({ text }, key) => key.length + text.length,
  })
  let lastKind = 0

  const kindOf = ({ subgraph, query, variables }: FetchRequest): number => {
    const { representations: _own, ...others } = (variables ?? {}) as Data
    const text = [subgraph, query, JSON.stringify(others)].join('\n')
    const known = kinds.get(text)
    if (known !== undefined) return known
    lastKind += 1
    kinds.set(text, lastKind)
    return lastKind
  }

  const remember = (keys: readonly string[], { data, errors, extensions }: ExecutionResult, asOf: Millis): void => {
    const entities = isObject(data) ? data._entities : undefined
    // What is in doubt is not remembered: it would be shown as if it had been true at that time.
    if (errors?.length || extensions?.staleSince !== undefined || !Array.isArray(entities)) return
    for (const [index, key] of keys.entries()) {
      const known = kept.get(key)
      if (!known || !isWithin(clock, known.asOf, renewedAfter))
        kept.set(key, { text: JSON.stringify(entities[index] ?? null), asOf })
    }
  }

  /** What is remembered of them, and the error at each of the others; null when there is nothing. */
  const standIn = (
    subgraph: string,
    keys: readonly string[],
    { message, extensions }: GraphQLError,
  ): ExecutionResult | null => {
    const found = keys.map((key) => {
      const entity = kept.get(key)
      return entity && isWithin(clock, entity.asOf, keptFor) ? entity : null
    })
    const since = Math.min(...found.flatMap((entity) => entity?.asOf ?? []))
    if (since === Number.POSITIVE_INFINITY) return null
    metrics.cacheReads.inc({ cache: `gateway:${subgraph}`, outcome: 'stale' }, found.filter(Boolean).length)
    const errors = found.flatMap((entity, index) =>
      entity ? [] : [new GraphQLError(message, { path: ['_entities', index], extensions })],
    )
    return {
      data: { _entities: found.map((entity) => (entity ? JSON.parse(entity.text) : null)) },
      extensions: { staleSince: since },
      ...(errors.length > 0 && { errors }),
    }
  }

  return async (request, asker) => {
    const representations = representationsOf(request)
    if (!representations) return send(request, asker)
    const kind = kindOf(request)
    const keys = representations.map((representation) => `${kind} ${JSON.stringify(representation)}`)
    const asOf = clock.now()
    try {
      const result = await send(request, asker)
      if (asker.identity === inNobodysName) remember(keys, result, asOf)
      return result
    } catch (error) {
      const away = unavailable(error)
      const last = away && standIn(request.subgraph, keys, away)
      if (!last) throw error
      return last
    }
  }
}
