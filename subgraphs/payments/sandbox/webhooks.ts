import { createHmac, timingSafeEqual } from 'node:crypto'
import { isCurrency, money } from '#kernel/money.ts'
import { type Millis, seconds } from '#kernel/time.ts'
import type { ProviderNews, SignedNews } from '../provider.ts'

/** How far the time of a signature may be from ours, either way (threats: payments). */
const tolerance: Millis = seconds(300)

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= 1_000

const amountOf = (minor: unknown, currency: unknown) =>
  Number.isSafeInteger(minor) && isText(currency) && isCurrency(currency) ? money(Number(minor), currency) : null

const isSigned = (secret: string, { body, signature }: SignedNews, now: Millis): boolean => {
  const [, time = '', given = ''] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature) ?? []
  const expected = createHmac('sha256', secret).update(`${time}.${body}`).digest()
  const actual = Buffer.from(given, 'hex')
  return (
    actual.length === expected.length &&
    timingSafeEqual(actual, expected) &&
    Math.abs(now - Number(time) * 1_000) <= tolerance
  )
}

const parse = (body: string): ProviderNews | null => {
  const { id, type, data } = JSON.parse(body) as { id?: unknown; type?: unknown; data?: Record<string, unknown> }
  const { payment, key, amount, currency } = data ?? {}
  if (!isText(id) || !isText(type) || !isText(payment)) return null
  return { id, type, paymentId: payment, key: isText(key) ? key : null, amount: amountOf(amount, currency) }
}

/** Reads a webhook over its raw body; null when it is not signed with our secret, at about this time. */
export const readWebhook = (secret: string, news: SignedNews, now: Millis): ProviderNews | null => {
  if (!isSigned(secret, news, now)) return null
  try {
    return parse(news.body)
  } catch {
    return null
  }
}
