import type { Bus } from './bus.ts'

/** A bus inside one process. Topics exist only while somebody listens, so the map is bounded by the number of subscribers. */
export const makeMemoryBus = (): Bus => {
  const topics = new Map<string, Set<() => void>>()
  return {
    publish: (topic) => {
      for (const listener of topics.get(topic) ?? []) queueMicrotask(listener)
    },
    subscribe: (topic, listener) => {
      const own = () => listener()
      const listeners = topics.get(topic) ?? new Set()
      topics.set(topic, listeners.add(own))
      return () => {
        listeners.delete(own)
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic)
      }
    },
    stop: async () => topics.clear(),
  }
}
