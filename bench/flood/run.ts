/** `npm run bench:flood [-- --seconds 30 --rate 200]`: somebody tries passwords from everywhere while people check out (L2). */
import { loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { allHold, renderBars, runBench } from '../bars.ts'
import { type Ask, makeClient } from '../client.ts'
import * as documents from '../scenarios/documents.ts'
import { stockUp } from '../scenarios/stock.ts'
import { startShop } from '../shop.ts'
import { type Attempt, type Bought, floodBars } from './law.ts'

const help = `npm run bench:flood -- [--seconds N] [--rate SIGN_INS_PER_SECOND]

Starts a shop as npm start does. People check out, five in a second, for so many seconds (30) alone; then as long while 200 sign-ins a second
come, one in twenty at an account that exists, none with the right password, no account so often that its own limit counts. They come
from one client on the same machine, to which no limit of an address applies. Exit code 1: a bar was missed.
`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    rate: { type: 'string', default: '200' },
    help: { type: 'boolean', default: false },
  },
})

const checkoutsPerSecond = 5
/** Those who exist: so many that none of them is tried more often than is free. */
const accounts = 100
const password = 'a long walk by the sea'
const address = { name: 'Ada Lovelace', line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', countryCode: 'DE' }
const signUp = 'mutation ($input: SignUpInput!) { signUp(input: $input) { userErrors { code } } }'
const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code message } } }'

interface Guest {
  readonly continueAsGuest: { readonly session: { readonly accessToken: string } }
}
interface Stated {
  readonly setCartDestination: { readonly cart: { readonly totals: { readonly total: object } } }
}

/** Begins `work` so many times a second, whether or not earlier ones have ended; what came of each. */
const atRate = async <T>(perSecond: number, seconds: number, work: (n: number) => Promise<T>): Promise<T[]> => {
  const began = performance.now()
  const open: Promise<T>[] = []
  while (performance.now() - began < seconds * 1_000) {
    const due = Math.floor(((performance.now() - began) * perSecond) / 1_000)
    while (open.length < due) open.push(work(open.length))
    await pause(2)
  }
  return Promise.all(open)
}

const buy = async (ask: Ask, variantId: string): Promise<Bought> => {
  const began = performance.now()
  try {
    const { continueAsGuest } = await ask<Guest>(documents.continueAsGuest)
    const token = continueAsGuest.session.accessToken
    await ask(documents.addCartLine, { input: { variantId, quantity: 1 } }, token)
    const destination = { input: { shippingAddress: address } }
    const { setCartDestination } = await ask<Stated>(documents.setCartDestination, destination, token)
    const input = {
      idempotencyKey: crypto.randomUUID(),
      email: 'ada@example.com',
      shippingAddress: address,
      acknowledgedTotal: setCartDestination.cart.totals.total,
      payment: { provider: 'sandbox', token: 'tok_ok' },
    }
    const asked = performance.now()
    await ask(documents.placeOrder, { input }, token)
    return { ms: performance.now() - began, orderMs: performance.now() - asked, isGood: true }
  } catch {
    return { ms: performance.now() - began, orderMs: 0, isGood: false }
  }
}

const tryPassword = async (ask: Ask, email: string): Promise<Attempt> => {
  const began = performance.now()
  const told = await ask(signIn, { input: { email, password: 'not the right one' } }).catch((error: Error) => error)
  const text = told instanceof Error ? told.message : ''
  const ms = performance.now() - began
  if (text.includes('INVALID_CREDENTIALS')) return { ms, outcome: 'tried' }
  return { ms, outcome: text.includes('RATE_LIMITED') ? 'refused' : 'failed' }
}

const main = async (): Promise<boolean> => {
  const load = loadavg()
    .map((value) => value.toFixed(2))
    .join(', ')
  const [seconds, rate] = [Number(values.seconds), Number(values.rate)]
  const shop = await startShop({ profileFolder: null })
  const client = makeClient(shop.url, 300)
  try {
    const variantIds = (await stockUp(client.ask)).flatMap((product) => product.variantIds)
    const emailOf = (n: number): string => `flooded${n}@example.org`
    for (let n = 0; n < accounts; n += 1)
      await client.ask(signUp, { input: { email: emailOf(n), password, name: 'Bench' } })
    const people = () =>
      atRate(checkoutsPerSecond, seconds, (n) => buy(client.ask, variantIds[n % variantIds.length] ?? ''))
    await atRate(checkoutsPerSecond, 8, (n) => buy(client.ask, variantIds[n % variantIds.length] ?? ''))
    const alone = await people()
    const [beside, attempts] = await Promise.all([
      people(),
      // Those who exist are among them by turns; the others are strangers each time.
      atRate(rate, seconds, (n) =>
        tryPassword(client.ask, n % 20 === 0 ? emailOf((n / 20) % accounts) : `nobody${n}@example.org`),
      ),
    ])
    const bars = floodBars({ alone, beside, attempts, seconds })
    console.log(`load average before ${load}\n\n${renderBars(bars, 'L2')}`)
    return allHold(bars)
  } finally {
    await client.close()
    await shop.stop()
  }
}

if (values.help) console.log(help)
else await runBench(main)
