import type { Doc } from '../bson/values.ts'
import type { SortField } from '../query/sort.ts'
import type { Filter } from '../query/tree.ts'
import { divide, matchBody } from './match.ts'
import { sortBody } from './sort.ts'
import type { Stage } from './stage.ts'

/** What the planner does for a pipeline: a query of one collection. */
export type Head = {
  readonly filters: readonly Filter[]
  /** The filters as they were written. */
  readonly specs: readonly Doc[]
  readonly sort: readonly SortField[]
  readonly skip: number
  readonly limit: number | undefined
}

/** A pipeline divided into what the planner does and the stages that remain. */
export type Plan = { readonly head: Head; readonly rest: readonly Stage[] }

const matchStageOf = (spec: Doc, like: Stage): Stage => ({
  ...matchBody(spec, like.match?.scope ?? emptyScope()),
  name: '$match',
  spec,
})

const emptyScope = (): never => {
  throw new Error('only a $match is divided')
}

/** Moves what it can of a `$match` ahead of the stage before it; undefined when nothing moves. */
const hoisted = (before: Stage, match: Stage): Stage[] | undefined => {
  if (match.match === undefined || before.modifies === undefined || before.match !== undefined) return undefined
  const parts = divide(match.match.spec, before.modifies)
  if (parts.before === undefined) return undefined
  const ahead = matchStageOf(parts.before, match)
  return parts.after === undefined ? [ahead, before] : [ahead, before, matchStageOf(parts.after, match)]
}

/** The same pipeline with each `$match` as early as it may be. */
const withEarlyMatches = (stages: readonly Stage[]): Stage[] => {
  const result: Stage[] = []
  for (const stage of stages) {
    result.push(stage)
    for (let at = result.length - 1; at > 0; at--) {
      const [before, match] = [result[at - 1], result[at]]
      const moved = before === undefined || match === undefined ? undefined : hoisted(before, match)
      if (moved === undefined) break
      result.splice(at - 1, 2, ...moved)
    }
  }
  return result
}

/** A sort before a limit holds no more documents than the limit wants. */
const withBoundedSorts = (stages: readonly Stage[]): Stage[] =>
  stages.map((stage, index) => {
    if (stage.sort === undefined) return stage
    const [next, afterNext] = stages.slice(index + 1)
    const limit = next?.limit ?? (next?.skip !== undefined ? afterNext?.limit : undefined)
    if (limit === undefined) return stage
    const { modifies: _modifies, ...others } = stage
    return { ...others, ...sortBody(stage.sort, limit + (next?.skip ?? 0)) }
  })

const ranks: readonly ((stage: Stage) => boolean)[] = [
  (stage) => stage.match !== undefined,
  (stage) => stage.sort !== undefined,
  (stage) => stage.skip !== undefined,
  (stage) => stage.limit !== undefined,
]

/** The leading stages a find could do: matches, then at most one sort, skip and limit each, in this order. */
const headLength = (stages: readonly Stage[]): number => {
  let reached = 0
  for (const [index, stage] of stages.entries()) {
    const rank = ranks.findIndex((is) => is(stage))
    if (rank < reached) return index
    reached = rank === 0 ? 0 : rank + 1
  }
  return stages.length
}

/** Divides a pipeline so that as much of it as possible is a query the planner can serve through indexes. */
export const optimise = (stages: readonly Stage[]): Plan => {
  const early = withEarlyMatches(stages)
  const length = headLength(early)
  const leading = early.slice(0, length)
  const matches = leading.flatMap(({ match }) => (match === undefined ? [] : [match]))
  return {
    head: {
      filters: matches.map(({ filter }) => filter),
      specs: matches.map(({ spec }) => spec),
      sort: leading.find(({ sort }) => sort !== undefined)?.sort ?? [],
      skip: leading.find(({ skip }) => skip !== undefined)?.skip ?? 0,
      limit: leading.find(({ limit }) => limit !== undefined)?.limit,
    },
    rest: withBoundedSorts(early.slice(length)),
  }
}
