import { anonymous, noClient, type Viewer } from '#platform/auth.ts'
import type { StreamingContext } from './subgraphs.ts'

/** Sellers, support and admins see more of the same fields, such as their drafts: nothing of theirs is asked in nobody's name. */
const seesMore = (viewer: Viewer): boolean =>
  viewer.kind === 'service' || (viewer.kind === 'user' && viewer.roles.some((role) => role !== 'BUYER'))

/** In whose name a fetch is made. */
export interface Asker<Context> {
  readonly context: Context
  /** Equal for askers who get the same answer. */
  readonly identity: string
}

/** The identity of whoever asks for what everybody may see. */
export const inNobodysName = 'public'

/**
 * Who asks for a fetch of an operation. What is public is asked for in nobody's name: should a field be tagged that is not, its
 * subgraph answers what anybody may see, and never what belongs to whoever asked first.
 */
export const askersOf = <Context extends StreamingContext>(context: Context) => {
  const { viewer, client } = context
  let own: Asker<Context> | undefined
  const self = (): Asker<Context> => {
    own ??= { context, identity: JSON.stringify([viewer, client]) }
    return own
  }
  let nobody: Asker<Context> | undefined
  const everybody = (): Asker<Context> => {
    nobody ??= { context: { ...context, viewer: anonymous, client: noClient }, identity: inNobodysName }
    return nobody
  }
  return (isPublic: boolean): Asker<Context> => (isPublic && !seesMore(viewer) ? everybody() : self())
}
