import { createHmac } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Adversary } from './adversary.ts'
import type { Books, Notice } from './books.ts'

/** Name of the header; its value is `t=<unix seconds>,v1=<hex of HMAC-SHA256(secret, "<t>.<body>")>`. */
export const signatureHeader = 'sandbox-signature'

/** Signs a webhook for a moment in time. */
export const signWebhook = (secret: string, body: string, atMs: number): string => {
  const t = Math.floor(atMs / 1_000)
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`
}

export interface DeliveryDeps {
  readonly books: Books
  readonly adversary: Adversary
  readonly secret: string
  readonly now: () => number
}

/** Under way at once. */
const maxInFlight = 8
/** Attempts at one webhook, 1 s, 2 s, 4 s ... apart. */
const maxAttempts = 8
const timeoutMs = 5_000
/** A stale webhook claims to be this old: twice of what a merchant may accept. */
const staleMs = 600_000
const copies = 3
const maxDelayMs = 1_500

const isDelivered = async (url: string, body: string, signature: string): Promise<boolean> => {
  try {
    const headers = { 'content-type': 'application/json', [signatureHeader]: signature }
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMs) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

/** Brings notices to the merchant until it says 2xx, and lets the adversary have its way with them. */
export const makeDelivery = ({ books, adversary, secret, now }: DeliveryDeps) => {
  let target: string | null = null
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const underWay = new Map<string, Promise<void>>()

  const attempt = async (url: string, { body }: Notice): Promise<boolean> => {
    if (adversary.has('lost')) return true
    if (adversary.has('reorder')) await pause(Math.ceil(adversary.random() * maxDelayMs), undefined, { ref: false })
    const time = adversary.has('stale') ? now() - staleMs : now()
    const signature = signWebhook(adversary.has('badSignature') ? `not ${secret}` : secret, body, time)
    const times = adversary.has('duplicate') ? copies : 1
    const results = await Promise.all(Array.from({ length: times }, () => isDelivered(url, body, signature)))
    return results.every((good) => good)
  }

  const deliver = async (url: string, notice: Notice): Promise<void> => {
    const done = await attempt(url, notice)
    if (stopped) return
    if (done || notice.attempts + 1 >= maxAttempts) books.dropNotice(notice.id)
    else books.moveNotice(notice.id, now() + 1_000 * 2 ** notice.attempts)
  }

  const schedule = (): void => {
    clearTimeout(timer)
    const next = target === null || stopped ? null : books.nextDue()
    if (next === null || underWay.size >= maxInFlight) return
    // What is due and under way already comes back here when it is done.
    timer = setTimeout(round, Math.max(underWay.size > 0 ? 20 : 0, Math.min(next - now(), 60_000)))
    timer.unref()
  }

  const round = (): void => {
    if (target === null || stopped) return
    const url = target
    for (const notice of books.dueNotices(now(), 2 * maxInFlight)) {
      if (underWay.has(notice.id) || underWay.size >= maxInFlight) continue
      const work = deliver(url, notice).finally(() => {
        underWay.delete(notice.id)
        schedule()
      })
      underWay.set(notice.id, work)
    }
    schedule()
  }

  return {
    /** Where the merchant hears them; null: they wait. */
    deliverTo: (url: string | null): void => {
      target = url
      schedule()
    },
    /** A notice was booked. */
    wake: schedule,
    stop: async (): Promise<void> => {
      stopped = true
      clearTimeout(timer)
      await Promise.all(underWay.values())
    },
  }
}

export type Delivery = ReturnType<typeof makeDelivery>
