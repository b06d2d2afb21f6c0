/** `npm run bench:sockets [-- --sockets 10000 --seed 1 --slow-seconds 60 --write]`, see ../README.md. */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { lanternHouse } from '../../commands/seed/sellers.ts'
import { type Ask, makeClient } from '../client.ts'
import { usageOf } from '../processes.ts'
import { describeRun } from '../results.ts'
import { catalogue, signIn } from '../scenarios/documents.ts'
import { stockUp } from '../scenarios/stock.ts'
import { type BenchedShop, startShop } from '../shop.ts'
import { makeStockChange } from './changes.ts'
import { type Crowd, forEach, gather, makeCrowd } from './crowd.ts'
import { measureBroadcast, measureTargeted, spreadOf, until } from './measures.ts'
import { renderFigures, type SocketFigures, writeProof } from './proof.ts'
import { measureSlowReaders } from './slowReaders.ts'
import { measureStorm } from './storm.ts'

const settings = {
  // All come from one address, and hold their tokens for the whole run.
  SOCKETS_PER_ADDRESS: '1000000',
  ACCESS_TOKEN_SECONDS: '3600',
}

/** What `npm start` allows is not enough for ten thousand: their state is about 25 kB each, and events are made beside it. */
const heapMb = 1_024
const heap = `--max-old-space-size=${heapMb}`

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    'slow-seconds': { type: 'string', default: '60' },
    write: { type: 'boolean', default: false },
  },
})

const say = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`)

/** Mulberry32: small, seeded, good enough to spread clients. */
const makeRandom = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Catalogue {
  readonly products: { readonly nodes: readonly { seller: { id: string }; variants: readonly { id: string }[] }[] }
}

/** A variant to watch and the token of its seller. */
const pickVariant = async (ask: Ask) => {
  const { products } = await ask<Catalogue>(catalogue)
  const own = products.nodes.find(({ seller }) => seller.id === lanternHouse.id)
  const { email, password } = lanternHouse
  const signedIn = await ask<{ signIn: { session: { accessToken: string } } }>(signIn, { input: { email, password } })
  return { variantId: own?.variants[0]?.id ?? '', token: signedIn.signIn.session.accessToken }
}

const rssMbOf = ({ pids }: BenchedShop): number => usageOf(pids.shop ?? -1)?.rssMb ?? Number.NaN
const fdsOf = ({ pids }: BenchedShop): number => readdirSync(`/proc/${pids.shop}/fd`).length

/** Memory when it has come to rest: the least of five looks, two seconds apart. */
const restingRssMb = async (shop: BenchedShop): Promise<number> => {
  const looks: number[] = []
  for (let n = 0; n < 5; n += 1) {
    await pause(2_000)
    looks.push(rssMbOf(shop))
  }
  return Math.min(...looks)
}

/** Compilers and caches get going before memory and time are measured. */
const runIn = async (crowd: Crowd): Promise<void> => {
  const first = crowd.all.slice(0, 500)
  for (let round = 0; round < 3; round += 1) {
    await forEach(first, 50, (watcher) => watcher.join())
    for (const watcher of first) watcher.close()
    await until('the first ones are gone', 10_000, () => first.every((watcher) => watcher.isClosed()))
  }
}

const measure = async (shop: BenchedShop, ask: Ask): Promise<Omit<SocketFigures, 'date' | 'commit' | 'machine'>> => {
  const [sockets, seed, slowSeconds] = [values.sockets, values.seed, values['slow-seconds']].map(Number) as [
    number,
    number,
    number,
  ]
  await stockUp(ask)
  const watched = await pickVariant(ask)
  const changeStock = makeStockChange(ask, watched)
  say('guests')
  const crowd = await makeCrowd({ url: shop.url, ask, size: sockets, variantId: watched.variantId })
  say('running in')
  await runIn(crowd)
  const rssBeforeMb = await restingRssMb(shop)
  say(`gathering, from ${rssBeforeMb.toFixed(0)} MB`)
  const began = performance.now()
  await gather(crowd)
  const gatherSeconds = (performance.now() - began) / 1_000
  const rssAfterMb = await restingRssMb(shop)
  say(`gathered after ${gatherSeconds.toFixed(1)} s, ${rssAfterMb.toFixed(0)} MB; one is told`)
  const targeted = await measureTargeted(crowd, { ask, variantId: watched.variantId, samples: 300 })
  say('all are told')
  const told = { change: changeStock, audience: crowd.stocks, pauseMs: 500 }
  const broadcast = spreadOf(await measureBroadcast(crowd, { ...told, rounds: 10 }))
  say('storm')
  const random = makeRandom(seed)
  const storm = await measureStorm(crowd, { ask, variantId: watched.variantId, changeStock, random, jitterMs: 5_000 })
  if (storm.ended) say(`a subscription was ended: ${storm.ended}`)
  say('slow readers')
  const slow = await measureSlowReaders(crowd, {
    change: changeStock,
    rssMb: () => rssMbOf(shop),
    openSockets: () => fdsOf(shop),
    seconds: slowSeconds,
  })
  for (const watcher of crowd.all) watcher.cut()
  const command = `npm run bench:sockets -- --sockets ${sockets} --seed ${seed} --slow-seconds ${slowSeconds}`
  return { command, seed, sockets, gatherSeconds, rssBeforeMb, rssAfterMb, targeted, broadcast, storm, slow, heapMb }
}

/** Files that a process needs beside its sockets: database, logs, queries over HTTP. */
const otherFiles = 500

/** Each socket is an open file here and one in the shop. Node has raised the limit as far as it may. @throws Error */
const needFiles = async (sockets: number): Promise<void> => {
  const [, soft] = /^Max open files\s+(\S+)/m.exec(await readFile('/proc/self/limits', 'utf8')) ?? []
  if (Number(soft) < sockets + otherFiles)
    throw new Error(
      `A process may open ${soft} files here; ${sockets} sockets need ${sockets + otherFiles} (ulimit -n).`,
    )
}

const main = async (): Promise<void> => {
  await needFiles(Number(values.sockets))
  const run = describeRun(new Date())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  say('starting the shop')
  const shop = await startShop({ profileFolder: null, env: settings, nodeArguments: [heap] })
  const { ask, close } = makeClient(shop.url, 8)
  try {
    const figures = { ...run, ...(await measure(shop, ask)) }
    console.log(renderFigures(figures))
    if (values.write) await writeProof(join(import.meta.dirname, '../../docs/proof.md'), figures)
  } catch (error) {
    throw new Error(shop.obituary() ?? 'the shop still runs', { cause: error })
  } finally {
    await close()
    await shop.stop()
  }
}

await main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
process.exit(0)
