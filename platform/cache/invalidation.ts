import type { Bus } from '../bus/bus.ts'
import type { OutboxSource } from '../outbox/source.ts'
import type { Copies } from './copies.ts'

export interface InvalidationOptions {
  readonly bus: Bus
  /** The topic by which processes tell each other; unique among those that share a bus. */
  readonly topic: string
  /** Of the documents that are copied: each commit may be a change. */
  readonly outbox: Pick<OutboxSource, 'onCommit'>
  readonly copies: readonly Pick<Copies<unknown>, 'changed'>[]
}

/**
 * Copies end when what they copy changes: here at once, in other processes when the bus brings it. When it does not (R12), they end by
 * their age.
 */
export const endWhenChanged = ({ bus, topic, outbox, copies }: InvalidationOptions): void => {
  const changed = (): void => {
    for (const one of copies) one.changed()
  }
  bus.subscribe(topic, changed)
  outbox.onCommit(() => {
    changed()
    bus.publish(topic)
  })
}
