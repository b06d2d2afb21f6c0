/** `npm run fleet`: the whole shop as many processes on this machine, for trials. */
import { parseArgs } from 'node:util'
import { EmbeddedRefused } from '#platform/embedded.ts'
import { type Fleet, fleetPorts, startFleet } from './fleet/fleet.ts'
import { MemberFailed } from './fleet/program.ts'
import { demoAccounts } from './seed/firstStart.ts'

const help = `npm run fleet -- [options]: the whole shop as many processes on this machine.

  --gateways N   gateways (2)
  --each N       processes of each subgraph (2)
  --workers N    processes of workers (2)
  --together     all six subgraphs in each of their processes: fewer processes
  --port N       the front port, which spreads over the gateways; the ports above it are used for the rest (4100)
  --data DIR     data and logs (.data/fleet)
  --no-redis     without Redis, although this machine has a redis-server
  --help

Database (embedded), Redis (when redis-server is installed) and the payment provider come with it. A process that ends is started again.
Ctrl-C stops everything.
`

const options = {
  gateways: { type: 'string', default: '2' },
  each: { type: 'string', default: '2' },
  workers: { type: 'string', default: '2' },
  together: { type: 'boolean', default: false },
  port: { type: 'string', default: '4100' },
  data: { type: 'string', default: '.data/fleet' },
  'no-redis': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

class Misused extends Error {}

const count = (name: string, text: string, max: number): number => {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new Misused(`--${name} must be a whole number from 1 to ${max}, not "${text}".`)
}

const read = () => {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    throw new Misused((error as Error).message)
  }
}

const table = ({ url, gateways, provider, members }: Fleet): string => {
  const rows = [
    ['Shop', `${url}/graphql`],
    ['Explorer', `${url}/graphiql`],
    ...gateways.map(({ name, probeUrl }) => [name, `${probeUrl}/graphql`]),
    ['Provider', provider.url],
    ...members
      .filter(({ name }) => !name.startsWith('gateway'))
      .map(({ name, probeUrl }) => [name, `${probeUrl}/health/ready`]),
    ...demoAccounts.map(({ role, email, password }) => [role, `${email} / ${password}`]),
  ]
  return rows.map(([name = '', value]) => `  ${name.padEnd(22)} ${value}`).join('\n')
}

const main = async (): Promise<void> => {
  const given = read()
  if (given.help) return console.log(help)
  const began = performance.now()
  const shape = {
    gateways: count('gateways', given.gateways, 16),
    each: count('each', given.each, 16),
    workers: count('workers', given.workers, 16),
    together: given.together,
  }
  const first = count('port', given.port, 65_000)
  const ports = Array.from({ length: fleetPorts(shape) }, (_, index) => first + index)
  const fleet = await startFleet({
    ...shape,
    ports,
    dataDir: given.data,
    redis: !given['no-redis'],
    tell: (line) => console.log(`  ${line}`),
  })
  console.log(`\n  The fleet is open after ${((performance.now() - began) / 1_000).toFixed(1)} s\n\n${table(fleet)}\n`)
  let stopping = false
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1)
    stopping = true
    console.log('  Stopping; once more to stop at once.')
    await fleet.stop()
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

main().catch((error: unknown) => {
  if (error instanceof Misused) console.error(`${error.message}\n\n${help}`)
  else console.error(error instanceof MemberFailed || error instanceof EmbeddedRefused ? error.message : error)
  process.exit(1)
})
