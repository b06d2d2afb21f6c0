import { causedBy } from '../cause.ts'
import { faultFields, type Log } from '../log.ts'
import { metrics } from '../metrics/table.ts'
import type { JobHandler } from '../queue/queue.ts'
import type { PendingEvent } from '../store.ts'
import { traced } from '../tracing.ts'
import type { Consumer } from './relay.ts'

/** Hands facts to a consumer as work of the request that caused them: in its trace, and with its id in each line of the log. */
export const handlingOf = ({ name: consumer, on }: Consumer, log: Log): JobHandler => {
  const handle = async (event: PendingEvent): Promise<void> => {
    try {
      await on[event.type]?.(event)
      metrics.deliveries.inc({ consumer, outcome: 'done' })
    } catch (error) {
      metrics.deliveries.inc({ consumer, outcome: 'failed' })
      log.info('a delivery failed', { consumer, event: event.type, eventId: event.id, ...faultFields(error) })
      throw error
    }
  }
  return async ({ payload }) => {
    const event = payload as PendingEvent
    const attributes = { 'emporion.event': event.type, 'emporion.consumer': consumer }
    // A fact that no request caused is its own.
    await causedBy(event.cause ?? { requestId: event.id }, () =>
      traced(`deliver ${event.type}`, { kind: 'consumer', attributes }, () => handle(event)),
    )
  }
}
