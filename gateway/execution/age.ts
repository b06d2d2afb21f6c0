import type { ExecutionResult } from 'graphql'
import type { Send } from './run.ts'

/** Since when a part of a subgraph's answer may be out of date, in epoch milliseconds: its store does not answer, a copy stood in. */
const staleSinceOf = ({ extensions }: ExecutionResult): number | null =>
  typeof extensions?.staleSince === 'number' ? extensions.staleSince : null

/** Notes how old the parts are that an answer is made of, and tells the client when it is not made of the truth (F8). */
export const notingAge = (send: Send) => {
  let since: number | null = null
  return {
    send: (async (request) => {
      const result = await send(request)
      const own = staleSinceOf(result)
      if (own !== null) since = Math.min(since ?? own, own)
      return result
    }) satisfies Send,

    /** The answer, with `extensions.stale` when a part of it may be out of date. */
    flagged: (result: ExecutionResult): ExecutionResult =>
      since === null ? result : { ...result, extensions: { stale: { since: new Date(since).toISOString() } } },
  }
}
