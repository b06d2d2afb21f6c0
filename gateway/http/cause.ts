import type { IncomingMessage } from 'node:http'
import type { Ids } from '#kernel/id.ts'
import type { Cause } from '#platform/cause.ts'
import { contextOf } from '#platform/tracing/traceparent.ts'

const textOf = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')

/**
 * What a request is known by, in the logs and traces of every process that works for it. A proxy of ours in front may have named it already
 * (`x-request-id`, `traceparent`); what others write there counts for nothing, or they could hide among the lines of somebody else's.
 */
export const makeCauseOf =
  (ids: Ids, trustedProxies: number) =>
  ({ headers }: Pick<IncomingMessage, 'headers'>): Cause => {
    if (trustedProxies === 0) return { requestId: ids.next('req') }
    const [requestId, traceparent] = [textOf(headers['x-request-id']), textOf(headers.traceparent)]
    return {
      requestId: /^[\w-]{8,64}$/.test(requestId) ? requestId : ids.next('req'),
      ...(contextOf(traceparent) && { traceparent }),
    }
  }

export type CauseOf = ReturnType<typeof makeCauseOf>
