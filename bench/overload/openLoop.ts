import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'

/** One request, and what it is for. */
export interface Turn {
  readonly kind: 'browse' | 'account' | 'checkout'
  readonly query: string
  readonly variables?: object
  readonly token?: string
}

export interface Answered {
  readonly kind: Turn['kind']
  /** Milliseconds since the run began, and how long the answer took. */
  readonly at: number
  readonly ms: number
  /** Sent away with 503 and Retry-After is not a failure; anything else that is no good answer is. */
  readonly outcome: 'good' | 'shed' | 'failed'
}

const timeoutMs = 15_000

/** A client that sends at a steady rate whether or not it was answered, and gives up after 15 s, as crowds do. */
export const makeCrowd = (url: string) => {
  const pool = new Pool(url, { connections: 1_000, headersTimeout: timeoutMs, bodyTimeout: timeoutMs })

  const send = async ({ kind, query, variables, token }: Turn, began: number): Promise<Answered> => {
    const at = performance.now()
    const note = (outcome: Answered['outcome']): Answered => ({
      kind,
      at: at - began,
      ms: performance.now() - at,
      outcome,
    })
    try {
      const { statusCode, headers, body } = await pool.request({
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query, variables }),
      })
      const text = await body.text()
      if (statusCode === 503 && headers['retry-after']) return note('shed')
      return note(statusCode === 200 && !text.includes('"errors":[{') ? 'good' : 'failed')
    } catch {
      return note('failed')
    }
  }

  return {
    /** Sends for so many seconds and waits for all answers. */
    run: async (perSecond: number, seconds: number, next: (n: number) => Turn): Promise<readonly Answered[]> => {
      const began = performance.now()
      const open: Promise<Answered>[] = []
      while (performance.now() - began < seconds * 1_000) {
        const due = Math.floor(((performance.now() - began) * perSecond) / 1_000)
        while (open.length < due) open.push(send(next(open.length), began))
        await pause(2)
      }
      return Promise.all(open)
    },
    close: () => pool.destroy(),
  }
}

export type Crowd = ReturnType<typeof makeCrowd>
