/** `npm run bench:gateway`: our gateway beside the stock one, see README.md. Exits with 1 when the bar is broken. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { makeClient } from '../client.ts'
import { drive } from '../drive.ts'
import { consumptions, usagesOf } from '../processes.ts'
import { describeRun } from '../results.ts'
import { summarise } from '../statistics.ts'
import { layOut, renderMachine, short } from '../table.ts'
import { query } from './query.ts'

/** So many times the stock gateway's requests for the same CPU time. */
const bar = 2.3

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    users: { type: 'string', default: '24' },
  },
})
const [rounds, seconds, users] = [values.rounds, values.seconds, values.users].map(Number) as [number, number, number]

const children: ChildProcess[] = []
process.once('exit', () => children.forEach((child) => void child.kill()))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

/** Starts a program of this folder; it prints one line of JSON when it is ready. */
const start = async (file: string, ...args: string[]): Promise<{ pid: number; url: string; token?: string }> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    env: { PATH: process.env.PATH, NODE_ENV: file === 'stock.ts' ? 'production' : 'development' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(String(chunk)))
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  })
  return { pid: child.pid ?? -1, ...JSON.parse(line) }
}

interface Gateway {
  readonly name: string
  readonly pid: number
  readonly ask: () => Promise<unknown>
}

interface Figures {
  readonly perSecond: number
  readonly p50: number
  readonly cpuMicroseconds: number
}

const measure = async ({ name, pid, ask }: Gateway): Promise<Figures> => {
  const driven = await drive({
    concurrency: users,
    warmUpMs: 500,
    windowMs: seconds * 1_000,
    mainSeries: name,
    makeWorker: () => (note) => note(name, ask).then(() => undefined),
    now: () => performance.now(),
    probe: () => usagesOf({ gateway: pid }),
  })
  const summary = summarise(driven.series.get(name) ?? [], driven.window)
  if (summary.firstError) throw new Error(`${name}: ${summary.firstError}`)
  const { gateway } = consumptions(driven.before, driven.after, summary.done)
  return {
    perSecond: summary.perSecond,
    p50: summary.latency?.p50 ?? Number.NaN,
    cpuMicroseconds: (gateway?.cpuSecondsPer1000 ?? Number.NaN) * 1_000,
  }
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN

const { machine } = describeRun(new Date())
console.log(renderMachine(machine))
const subgraphs = await start('subgraphs.ts')
const [ours, stock] = await Promise.all([start('ours.ts', subgraphs.url), start('stock.ts', subgraphs.url)])
const clients = [ours, stock].map(({ url }) => makeClient(url, users))
const gateways: readonly Gateway[] = [
  { name: 'Emporion', pid: ours.pid, ask: () => clients[0]?.ask(query, {}, subgraphs.token) ?? Promise.reject() },
  { name: 'stock', pid: stock.pid, ask: () => clients[1]?.ask(query) ?? Promise.reject() },
]
const answers = await Promise.all(gateways.map(({ ask }) => ask()))
if (!isDeepStrictEqual(answers[0], answers[1])) throw new Error('The gateways answer differently.')

const figures = new Map<Gateway, Figures[]>(gateways.map((gateway) => [gateway, []]))
// One round for the compilers; then the gateways take turns, so that neighbours on the machine disturb both.
for (let round = 0; round <= rounds; round += 1) {
  for (const gateway of gateways) {
    const found = await measure(gateway)
    if (round > 0) figures.get(gateway)?.push(found)
  }
}
const medians = gateways.map((gateway) => {
  const all = figures.get(gateway) ?? []
  const of = (key: keyof Figures) => median(all.map((one) => one[key]))
  return { name: gateway.name, perSecond: of('perSecond'), p50: of('p50'), cpuMicroseconds: of('cpuMicroseconds') }
})
const [own, theirs] = medians as [(typeof medians)[0], (typeof medians)[0]]
const rows = medians.map(({ name, perSecond, p50, cpuMicroseconds }) => [
  name,
  short(perSecond),
  short(p50),
  short(cpuMicroseconds),
])
console.log(layOut([['gateway', 'per s', 'p50 ms', 'CPU us'], ...rows]))
const [byCpu, byRate] = [theirs.cpuMicroseconds / own.cpuMicroseconds, own.perSecond / theirs.perSecond]
console.log(`\n${short(byCpu)} times the stock gateway by CPU time, ${short(byRate)} by rate; the bar is ${bar}.`)
await Promise.all(clients.map((client) => client.close()))
// CPU time depends least on neighbours; where it is not told, the rate has to do.
process.exit((Number.isNaN(byCpu) ? byRate : byCpu) >= bar ? 0 : 1)
