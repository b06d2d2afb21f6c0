import { type Millis, seconds } from '#kernel/time.ts'
import { type Cart, type CartLine, changed } from './cart.ts'

/** The last change of one kind. */
export interface News {
  /** Rises with every change of the variant: what a line was told last is remembered by it. */
  readonly at: Millis
  /** When its own subgraph wrote it down. */
  readonly changedAt: Millis
}

/** What has changed about a variant since somebody first heard of it. */
export interface VariantNews {
  readonly variantId: string
  /** By currency. */
  readonly prices: Readonly<Record<string, News>>
  readonly availability: News | null
}

/**
 * A line is added with the price of that moment, so older news is none. Older by this much: a write takes at most 2 s (operation
 * timeout) after its time was taken, and clocks of two processes may differ. Younger news is told once too often at worst.
 */
const overlap = seconds(3)

type Heard = 'heardPrice' | 'heardAvailability'

const isNew = (line: CartLine, news: News | null | undefined, heard: Heard): news is News => {
  if (!news) return false
  const last = line[heard]
  return last === undefined ? news.changedAt > (line.addedAt ?? 0) - overlap : news.at > last
}

/** Tells the lines what they have not heard; the same cart when there is nothing. */
const tell = (
  cart: Cart,
  { heard, reason, of }: { heard: Heard; reason: 'PRICE_CHANGED' | 'AVAILABILITY_CHANGED'; of: Map<string, News> },
  now: Millis,
): Cart => {
  let isTold = false
  const lines = cart.lines.map((line) => {
    const news = of.get(line.variantId)
    if (!isNew(line, news, heard)) return line
    isTold = true
    return { ...line, [heard]: news.at }
  })
  if (!isTold) return cart
  // Nobody touched the cart: it does not live longer for it.
  const { updatedAt, expiresAt } = cart
  return { ...changed(cart, reason, now, { lines }), updatedAt, expiresAt }
}

/** An open cart after news of its variants: one change for each kind that any of its lines had not heard of. */
export const hear = (cart: Cart, all: readonly VariantNews[], now: Millis): Cart => {
  if (cart.state !== 'active') return cart
  const newsBy = (pick: (news: VariantNews) => News | null | undefined): Map<string, News> =>
    new Map(
      all.flatMap((each) => {
        const news = pick(each)
        return news ? [[each.variantId, news] as const] : []
      }),
    )
  const prices = newsBy(({ prices }) => prices[cart.currency])
  const availability = newsBy((each) => each.availability)
  const priced = tell(cart, { heard: 'heardPrice', reason: 'PRICE_CHANGED', of: prices }, now)
  return tell(priced, { heard: 'heardAvailability', reason: 'AVAILABILITY_CHANGED', of: availability }, now)
}
