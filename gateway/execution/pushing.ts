import type { OperationDefinitionNode } from 'graphql'
import { causedBy, presentCause } from '#platform/cause.ts'
import { traced } from '#platform/tracing.ts'
import { rootFieldOf } from '../rootField.ts'

/**
 * Work for the events of a subscription that is opened now: calls and log lines carry the id of the request that has subscribed, and each
 * event is a trace of its own, because a stream may live for days.
 */
export const pushingFor = (operation: OperationDefinitionNode): (<T>(work: () => Promise<T>) => Promise<T>) => {
  const subscribed = presentCause()
  if (!subscribed) return (work) => work()
  const { requestId } = subscribed
  const name = `push ${rootFieldOf(operation)}`
  return (work) => causedBy({ requestId }, () => traced(name, { kind: 'server', begins: true }, work))
}
