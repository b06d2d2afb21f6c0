import { randomUUID } from 'node:crypto'
import type { Redis } from '../redis.ts'
import type { Bus } from './bus.ts'
import { makeMemoryBus } from './memory.ts'

/** Topics that wait to be told to the other processes; more are dropped, and the polls of feeds make up for them (rule R13). */
const mostWaiting = 10_000

interface Message {
  readonly from: string
  readonly topics: readonly string[]
}

/** Whatever else somebody writes into the channel wakes nobody. */
const readMessage = (text: string): Message => {
  try {
    const { from, topics } = JSON.parse(text) as Partial<Message>
    if (typeof from === 'string' && Array.isArray(topics)) return { from, topics }
  } catch {
    // The same as nothing.
  }
  return { from: '', topics: [] }
}

/**
 * Tells this process at once and the others through one channel of Redis: each hears all topics and keeps what somebody listens to
 * there, so that nothing has to be subscribed to in time. What is published while a message is under way goes as one message
 * after it. When Redis is away only this process is told, and the others see the change at the poll of their feeds (rule R12).
 */
export const makeRedisBus = async (redis: Redis): Promise<Bus> => {
  const here = makeMemoryBus()
  const from = randomUUID()
  const channel = redis.key('bus')
  const waiting = new Set<string>()
  let sending = false

  const send = async (): Promise<void> => {
    // All that is published in this turn is one message.
    await Promise.resolve()
    while (waiting.size > 0) {
      const message: Message = { from, topics: [...waiting] }
      waiting.clear()
      // Away: the polls of feeds make up for it.
      await redis.publish(channel, JSON.stringify(message)).catch(() => undefined)
    }
    sending = false
  }

  await redis.listen(channel, (text) => {
    const message = readMessage(text)
    if (message.from !== from) for (const topic of message.topics) here.publish(topic)
  })

  return {
    publish: (topic) => {
      here.publish(topic)
      if (waiting.size < mostWaiting) waiting.add(topic)
      if (sending) return
      sending = true
      void send()
    },
    subscribe: here.subscribe,
    stop: here.stop,
  }
}
