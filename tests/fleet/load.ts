import { setTimeout as pause } from 'node:timers/promises'
import { Agent, request } from 'undici'

/** One operation of somebody who shops. */
export interface Operation {
  readonly name: string
  readonly query: string
  readonly variables?: object
  readonly token?: string
}

/** What became of the requests: how many there were, and each that failed, with what it was told. */
export interface Tally {
  readonly sent: number
  /** Milliseconds until each answer, shortest first. */
  readonly tookMs: readonly number[]
  readonly failures: readonly string[]
}

/**
 * Requests at a steady rate, whether or not earlier ones have been answered, and never one a second time. Connections that rest are
 * closed by this client before the shop closes them, as a load balancer is set up to do.
 */
export const startLoad = (url: string, perSecond: number, next: (n: number) => Operation) => {
  const agent = new Agent({ keepAliveTimeout: 500, keepAliveMaxTimeout: 500, connections: 64 })
  const failures: string[] = []
  const tookMs: number[] = []
  const open = new Set<Promise<void>>()
  let sent = 0
  let going = true

  const send = async ({ name, query, variables, token }: Operation): Promise<void> => {
    const began = performance.now()
    try {
      const { statusCode, body } = await request(`${url}/graphql`, {
        method: 'POST',
        dispatcher: agent,
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query, variables }),
      })
      const text = await body.text()
      tookMs.push(performance.now() - began)
      const { errors } = JSON.parse(text) as { errors?: unknown }
      if (statusCode !== 200 || errors) failures.push(`${name}: ${statusCode} ${text.slice(0, 300)}`)
    } catch (error) {
      failures.push(`${name}: ${String(error)}`)
    }
  }

  const run = async (): Promise<void> => {
    const began = performance.now()
    while (going) {
      const due = Math.floor(((performance.now() - began) * perSecond) / 1_000)
      for (; sent < due; sent += 1) {
        const one: Promise<void> = send(next(sent)).finally(() => open.delete(one))
        open.add(one)
      }
      await pause(5)
    }
    await Promise.all(open)
  }
  const done = run()
  return {
    sent: () => sent,
    /** No more requests; waits for the answers to those under way. */
    stop: async (): Promise<Tally> => {
      going = false
      await done
      await agent.close()
      return { sent, failures, tookMs: tookMs.toSorted((a, b) => a - b) }
    },
  }
}
