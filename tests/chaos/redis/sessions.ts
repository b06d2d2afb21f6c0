import { setTimeout } from 'node:timers/promises'
import { connect, type TestShop } from '../../client.ts'
import { guest } from '../../people.ts'

/** A session that was ended, and how long its token and its socket lived on. */
export interface Ended {
  readonly at: number
  /** Until both gateways refused the token, and until its socket was closed; in milliseconds. */
  readonly httpMs: number
  readonly socketMs: number
}

/** How long one is watched; the promise is 1 s and 2 s. */
const patienceMs = 8_000
/** Ended sessions that are tried again and again. */
const remembered = 30
const pauseMs = 700

const live = 'subscription { cartUpdated { seq } }'

const post = async (url: string, token: string, query: string) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(patienceMs),
  })
  return { status: response.status, text: await response.text() }
}

const statusOf = async (url: string, token: string): Promise<number> =>
  (await post(url, token, '{ viewer { kind } }')).status

/** Ends sessions at one gateway while they are used at both, one after the other, and tries those that have ended again and again. */
export const watchSessions = (gateways: readonly string[], began: number) => {
  const [one = '', other = ''] = gateways
  const place = (url: string): TestShop => ({ url, stop: async () => undefined })
  const ended: Ended[] = []
  const gone: string[] = []
  /** When an ended session was let in again. */
  const risen: number[] = []
  const failures: string[] = []
  let tries = 0
  let going = true

  const endOne = async (): Promise<void> => {
    const token = await guest(place(one))
    const device = connect(place(other), token)
    const closed = new Promise<void>((resolve) => device.client.on('closed', () => resolve()))
    try {
      await device.watch(live).next()
      await Promise.all(gateways.map((url) => statusOf(url, token)))
      const { status, text } = await post(one, token, 'mutation { signOut { endedSessions } }')
      if (!text.includes('"endedSessions":1')) throw new Error(`not signed out: ${status}`)
      const from = performance.now()
      const lasts = (): number => performance.now() - from
      const refused = async (url: string): Promise<void> => {
        while ((await statusOf(url, token)) !== 401 && lasts() < patienceMs) await setTimeout(25)
      }
      const socket = Promise.race([closed, setTimeout(patienceMs)]).then(lasts)
      const http = Promise.all(gateways.map(refused)).then(lasts)
      ended.push({ at: from - began, httpMs: await http, socketMs: await socket })
      gone.push(token)
      if (gone.length > remembered) gone.shift()
    } finally {
      await device.close()
    }
  }

  const tryAgain = async (): Promise<void> => {
    const token = gone[tries % Math.max(1, gone.length)]
    if (!token) return
    for (const url of gateways) {
      tries += 1
      if ((await statusOf(url, token)) === 200) risen.push(performance.now() - began)
    }
  }

  const run = async (work: () => Promise<void>): Promise<void> => {
    while (going) {
      await work().catch((error: unknown) => failures.push(String(error)))
      await setTimeout(pauseMs)
    }
  }
  const running = Promise.all([run(endOne), run(tryAgain)])
  return {
    ended,
    risen,
    /** What went wrong while watching. */
    failures,
    tries: () => tries,
    stop: async (): Promise<void> => {
      going = false
      await running
    },
  }
}

export type SessionWitness = ReturnType<typeof watchSessions>
