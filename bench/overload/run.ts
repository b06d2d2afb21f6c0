/** `npm run bench:overload [-- --seconds 60]`: more requests than the shop can carry, and back again (L1). */
import { loadavg } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { allHold, barsOf, renderBars, runBench } from '../bars.ts'
import { makeClient } from '../client.ts'
import * as documents from '../scenarios/documents.ts'
import { startShop } from '../shop.ts'
import { goodput, middle, oddSeconds, p99, secondsUntilNormal, shareGood, timesOf } from './law.ts'
import { type Answered, makeCrowd, type Turn } from './openLoop.ts'

const help = `npm run bench:overload -- [--seconds N] [--from N]

Starts a shop with SHEDDING=on, looks for its knee (the highest rate at which 99 in 100 are answered well within 500 ms), then sends half
as much again and twice as much for so many seconds (60), and then half as much as the knee. Of the requests 70 % browse, 15 % look at a
cart and 15 % belong to a checkout. They come from one client on the same machine. Exit code 1: a bar was missed.
`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    /** The first rate that is tried. */
    from: { type: 'string', default: '50' },
    help: { type: 'boolean', default: false },
  },
})

/** People with a cart. */
const people = 50
const kneeMs = 500
const stepSeconds = 6
const afterSeconds = 20
const address = { name: 'Ada Lovelace', line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', countryCode: 'DE' }
const browse =
  '{ products(first: 5) { nodes { title variants { price { amount { amount } } availability { left } } } } }'
const cart = '{ cart { lines { quantity } totals { total { amount } } } }'

interface Guest {
  readonly continueAsGuest: { readonly session: { readonly accessToken: string } }
}
interface Products {
  readonly products: { readonly nodes: readonly { readonly variants: readonly { readonly id: string }[] }[] }
}

/** Guests with something in their carts, and what each request of the crowd is. */
const prepare = async (url: string): Promise<(n: number) => Turn> => {
  const client = makeClient(url, 8)
  const { products } = await client.ask<Products>('{ products(first: 20) { nodes { variants { id } } } }')
  const variantIds = products.nodes.flatMap(({ variants }) => variants.map(({ id }) => id))
  const tokens: string[] = []
  for (let n = 0; n < people; n++) {
    const { continueAsGuest } = await client.ask<Guest>(documents.continueAsGuest)
    const { accessToken } = continueAsGuest.session
    await client.ask(
      documents.addCartLine,
      { input: { variantId: variantIds[n % variantIds.length], quantity: 1 } },
      accessToken,
    )
    tokens.push(accessToken)
  }
  await client.close()
  return (n) => {
    const token = tokens[n % people] ?? ''
    const place = n % 20
    if (place < 14) return { kind: 'browse', query: browse }
    if (place < 17) return { kind: 'account', query: cart, token }
    return {
      kind: 'checkout',
      query: documents.setCartDestination,
      variables: { input: { shippingAddress: address } },
      token,
    }
  }
}

const isCarried = (answers: readonly Answered[]): boolean =>
  timesOf(answers, 'good').length >= answers.length * 0.99 && p99(answers.map(({ ms }) => ms)) <= kneeMs

const main = async (): Promise<boolean> => {
  const before = loadavg()
    .map((value) => value.toFixed(2))
    .join(', ')
  const seconds = Number(values.seconds)
  const late = monitorEventLoopDelay({ resolution: 10 })
  const shop = await startShop({ profileFolder: null, env: { SHEDDING: 'on', ACCESS_TOKEN_SECONDS: '3600' } })
  const crowd = makeCrowd(shop.url)
  try {
    const next = await prepare(shop.url)
    await crowd.run(50, 10, next)
    let knee = 0
    let normalMs = kneeMs
    for (let rate = Number(values.from); ; rate = Math.round(rate * 1.25)) {
      const answers = await crowd.run(rate, stepSeconds, next)
      const slowest = p99(answers.map(({ ms }) => ms))
      console.log(`${rate}/s: ${goodput(answers, stepSeconds).toFixed(0)}/s good, p99 ${slowest.toFixed(0)} ms`)
      if (!isCarried(answers)) break
      knee = rate
      normalMs = slowest
    }
    if (knee === 0)
      throw new Error('The machine carries less than 50 requests a second now: come back when it is quiet.')
    const carried = goodput(await crowd.run(knee, 20, next), 20)
    late.enable()
    const half = await crowd.run(knee * 1.5, seconds, next)
    const twice = await crowd.run(knee * 2, seconds, next)
    late.disable()
    const after = await crowd.run(knee / 2, afterSeconds, next)
    const share = goodput(twice, seconds) / carried
    const sent = [...timesOf(half, 'shed'), ...timesOf(twice, 'shed')]
    const shed = p99(sent)
    const checkouts = shareGood(half, 'checkout')
    console.log(`the crowd itself was late: p99 of its event loop ${(late.percentile(99) / 1e6).toFixed(0)} ms`)
    const normal = Math.max(normalMs, 100)
    const back = secondsUntilNormal(after, { normalMs: normal, seconds: afterSeconds })
    for (const { second, notGood, p99: slowest } of oddSeconds(after, normal))
      console.log(`second ${second} after: ${notGood} not answered well, p99 ${slowest.toFixed(0)} ms`)
    const bars = barsOf([
      [
        'goodput at twice the knee',
        `${(share * 100).toFixed(0)} % of ${carried.toFixed(0)}/s`,
        '>= 80 %',
        share >= 0.8,
      ],
      ['checkouts answered well at 1.5 times', `${(checkouts * 100).toFixed(2)} %`, '>= 99 %', checkouts >= 0.99],
      ['a 503: p99', `${shed.toFixed(0)} ms, p50 ${middle(sent).toFixed(0)} ms`, '<= 50 ms', shed <= 50],
      [
        'as quick as before, after',
        back === null ? `not within ${afterSeconds} s` : `${back} s`,
        '<= 10 s',
        back !== null && back <= 10,
      ],
    ])
    console.log(`\nknee ${knee}/s; load average before ${before}\n\n${renderBars(bars, 'L1')}`)
    return allHold(bars)
  } finally {
    await crowd.close()
    await shop.stop()
  }
}

if (values.help) console.log(help)
else await runBench(main)
