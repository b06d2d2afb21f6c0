import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { fleetPorts, startFleet } from '../../commands/fleet/fleet.ts'
import { get } from '../client.ts'
import { type Follower, follow } from '../fleet/followers.ts'
import { type Operation, startLoad, type Tally } from '../fleet/load.ts'
import { addLine, guest, someVariants } from '../people.ts'
import { freePorts } from '../ports.ts'
import { hasRedis } from '../redis.ts'
import { quickEnv } from '../shop.ts'
import { freshPrefix } from '../subgraph.ts'

/** The long form is the promise as it stands: every unit apart, 50 requests a second, three rounds, 10,000 requests. */
const { together, workers, perSecond, rounds, fewest, followers, timeout } = inject('thorough')
  ? { together: false, workers: 2, perSecond: 50, rounds: 3, fewest: 10_000, followers: 40, timeout: 1_200_000 }
  : { together: true, workers: 1, perSecond: 10, rounds: 1, fewest: 50, followers: 8, timeout: 180_000 }

const browse =
  '{ products(first: 5) { nodes { title variants { price { amount { amount } } availability { left } } } } }'
const change = 'mutation ($input: UpdateCartLineInput!) { updateCartLine(input: $input) { userErrors { code } } }'

const startTestFleet = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
  const shape = { gateways: 2, each: 2, workers, together }
  const fleet = await startFleet({
    ...shape,
    ports: await freePorts(fleetPorts(shape)),
    dataDir,
    mongoUrl: inject('mongoUrl'),
    redis: hasRedis(),
    env: {
      ...quickEnv,
      SEED: 'on',
      DATABASE_PREFIX: freshPrefix(),
      // A second is a long time for everybody to hear of it, here.
      DRAIN_MS: '1000',
      ACCESS_TOKEN_SECONDS: '3600',
      SUBGRAPH_TIMEOUT_MS: '10000',
    },
  })
  onTestFinished(async () => {
    await fleet.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  return fleet
}

/** For docs/proof.md. */
const tell = (found: { tally: Tally; watching: readonly Follower[]; ms: number; restarts: number }): void => {
  const { tally, watching, ms, restarts } = found
  const at = (share: number) => Math.round(tally.tookMs[Math.floor(tally.tookMs.length * share)] ?? 0)
  const codes = Map.groupBy(
    watching.flatMap((one) => one.codes()),
    (code) => code,
  )
  const closed = [...codes].map(([code, all]) => `${all.length} with ${code}`).join(', ')
  process.stdout.write(
    `${restarts} restarts in ${Math.round(ms / 1_000)} s; ${tally.sent} requests, ${tally.failures.length} failed, ` +
      `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(0.999999)} ms; ` +
      `${watching.length} subscribers, sockets closed ${closed}, ${watching.flatMap((one) => one.seen()).length} updates seen\n`,
  )
}

test('given a fleet under load with live carts, when every process is restarted one after the other, then no request fails, sockets close with 1012 or 4xxx, and every cart is caught up without a gap (F12)', {
  timeout,
}, async () => {
  const fleet = await startTestFleet()
  const shop = { url: fleet.url, stop: fleet.stop }
  const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
  const carts: { token: string; lineId: string }[] = []
  for (let n = 0; n < followers; n++) {
    const token = await guest(shop)
    const { cart } = await addLine(shop, token, variant!.id)
    carts.push({ token, lineId: cart.lines[0].id })
  }
  const watching = carts.map(({ token }): Follower => follow(fleet.url, token))
  await expect.poll(() => watching.every(({ seen }) => seen().length > 0)).toBe(true)

  /** People browse, look at their carts and change them, between one and two of a thing. */
  const next = (n: number): Operation => {
    const { token, lineId } = carts[Math.floor(n / 3) % carts.length]!
    const quantity = 1 + (Math.floor(n / 3 / carts.length) % 2)
    const operations: readonly Operation[] = [
      { name: 'browse', query: browse },
      { name: 'change', query: change, variables: { input: { lineId, quantity } }, token },
      { name: 'cart', query: '{ cart { lines { quantity } totals { total { amount } } } }', token },
    ]
    return operations[n % 3]!
  }
  const began = performance.now()
  const load = startLoad(fleet.url, perSecond, next)
  for (let round = 0; round < rounds; round++) for (const member of fleet.members) await fleet.restart(member)
  await expect.poll(load.sent, { timeout, interval: 100 }).toBeGreaterThanOrEqual(fewest)
  const tally = await load.stop()
  expect(tally.failures).toEqual([])

  for (const [index, { token }] of carts.entries()) {
    const { cart } = await get(shop, '{ cart { id version } }', {}, token)
    const { seen, codes, refusals } = watching[index]!
    await expect.poll(() => seen().at(-1), { timeout: 20_000 }).toBe(cart.version)
    const gaps = seen().filter((seq, at) => at > 0 && seq > (seen()[at - 1] ?? 0) + 1)
    expect([gaps, refusals()]).toEqual([[], []])
    expect(codes().length).toBeGreaterThan(0)
    expect(codes().filter((code) => code !== 1012 && code < 4000)).toEqual([])
  }
  await Promise.all(watching.map(({ stop }) => stop()))
  if (inject('thorough'))
    tell({ tally, watching, ms: performance.now() - began, restarts: rounds * fleet.members.length })
})
