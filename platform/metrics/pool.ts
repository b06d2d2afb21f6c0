import { metrics } from './table.ts'

/** What is needed of the database driver's client: what it tells about its connections. */
export interface Pooling {
  on(
    event:
      | 'connectionCreated'
      | 'connectionClosed'
      | 'connectionCheckedOut'
      | 'connectionCheckedIn'
      | 'connectionCheckOutFailed',
    listener: () => void,
  ): unknown
}

/** Shows the connections of a pool; the returned function ends that. */
export const watchPool = (client: Pooling): (() => void) => {
  const count = { open: 0, in_use: 0 }
  const add = (state: keyof typeof count, by: number) => () => {
    count[state] += by
  }
  client.on('connectionCreated', add('open', 1))
  client.on('connectionClosed', add('open', -1))
  client.on('connectionCheckedOut', add('in_use', 1))
  client.on('connectionCheckedIn', add('in_use', -1))
  client.on('connectionCheckOutFailed', () => metrics.databaseWaitFailures.inc())
  return metrics.databasePool.watch(() =>
    Object.entries(count).map(([state, connections]) => ({ labels: { state }, value: connections })),
  )
}
