import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ConfigError, readConfig, subgraphNames, unitNames } from './config.ts'

const problemsOf = (env: Record<string, string>, units: readonly string[] = []): readonly string[] => {
  try {
    readConfig(env, units)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

const secret = (name: string): string => `${name}-0123456789-0123456789-0123456789`

const production = {
  NODE_ENV: 'production',
  MONGODB_URL: 'mongodb://db/',
  INTERNAL_SECRET: secret('internal'),
  ORDER_TOKEN_SECRET: secret('order'),
  REFRESH_TOKEN_SECRET: secret('refresh'),
  PROVIDER_SECRET: secret('provider'),
  PROVIDER_URL: 'http://provider:4010',
  SIGNING_KEY_PEM: 'pem',
}

test('given an empty environment, when it is read, then the shop runs whole, on this machine only, with the embedded database', () => {
  const config = readConfig({})
  expect(config).toMatchObject({ production: false, host: '127.0.0.1', port: 4000, mongoUrl: null, seed: true })
  expect(config.units).toEqual(unitNames)
  expect(Object.keys(config.subgraphUrls)).toEqual(subgraphNames)
  expect(new Set(Object.values(config.subgraphUrls).flat()).size).toBe(subgraphNames.length)
  expect(Object.isFrozen(config)).toBe(true)
})

test.each(['prod', 'Production', 'staging'])(
  'given NODE_ENV=%s, when it is read, then it is refused: it would silently be a development shop (threat: operations)',
  (environment) => {
    expect(problemsOf({ NODE_ENV: environment })).toEqual([
      `NODE_ENV must be one of development, production, test, not "${environment}".`,
    ])
  },
)

test('given values, when they are read, then they are typed and trimmed, and empty ones count as absent', () => {
  const config = readConfig({
    PORT: ' 0 ',
    HOST: '',
    LOG_LEVEL: 'debug',
    SHOP_CURRENCY: 'JPY',
    CORS_ORIGINS: 'https://a.example , https://b.example',
    SEED: 'off',
    ORDERS_URL: 'https://orders.internal/graphql',
    MONGODB_URL: 'mongodb+srv://db.example/',
  })
  expect(config).toMatchObject({ port: 0, host: '127.0.0.1', logLevel: 'debug', currency: 'JPY', seed: false })
  expect(config.corsOrigins).toEqual(['https://a.example', 'https://b.example', 'https://studio.apollographql.com'])
  expect(config.subgraphUrls.orders).toEqual(['https://orders.internal/graphql'])
  expect(config.mongoUrl).toBe('mongodb+srv://db.example/')
})

test('given a secret in a file, then the file is read, and one that cannot be read is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emporion-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'provider')
  await writeFile(file, `${secret('provider')}\n`)
  expect(readConfig({ PROVIDER_SECRET_FILE: file }).providerSecret).toBe(secret('provider'))
  expect(problemsOf({ PROVIDER_SECRET_FILE: '/nowhere' })).toEqual(['PROVIDER_SECRET_FILE: /nowhere cannot be read.'])
})

test('given several URLs of a subgraph, then all are known and each is checked', () => {
  const urls = 'http://a:4005/graphql, http://b:4005/graphql'
  expect(readConfig({ ORDERS_URL: urls }).subgraphUrls.orders).toEqual([
    'http://a:4005/graphql',
    'http://b:4005/graphql',
  ])
  expect(problemsOf({ ORDERS_URL: `${urls},c:4005` })).toEqual([
    'ORDERS_URL must be a URL starting with http:// or https://, not "c:4005".',
  ])
})

test('given many mistakes, when the configuration is read, then every one is reported at once', () => {
  const mistakes = {
    PORT: '65536',
    LOG_LEVEL: 'loud',
    SHOP_CURRENCY: 'euro',
    MONGODB_URL: 'postgres://db',
    USERS_URL: 'users:4001',
    TOKEN_ISSUER: 'ftp://issuer',
    ACCESS_TOKEN_SECONDS: '1.5',
    SEED: 'maybe',
    PROVIDER_TIMEOUT_MS: 'soon',
    SUBGRAPH_TIMEOUT_MS: '49',
    CHECKOUT_TIMEOUT_MS: '-1',
    OUTBOX_POLL_MS: '0',
    FEED_POLL_MS: 'NaN',
  }
  const problems = problemsOf(mistakes, ['basket'])
  for (const name of Object.keys(mistakes)) expect(problems.filter((text) => text.includes(name))).toHaveLength(1)
  expect(problems.filter((text) => text.includes('"basket" is not a unit'))).toHaveLength(1)
  expect(problems).toHaveLength(Object.keys(mistakes).length + 1)
  expect(() => readConfig(mistakes)).toThrow(/13 problem\(s\):\n {2}- /)
})

test('given a port or a URL, when it is bad, then it is refused with its bounds', () => {
  for (const PORT of ['-1', '65536', '80.5', 'http', 'Infinity', '4000;']) {
    expect(problemsOf({ PORT })).toEqual([`PORT must be a whole number from 0 to 65535, not "${PORT}".`])
  }
  for (const CART_URL of ['cart', '//cart/graphql', 'ws://cart/graphql', 'file:///etc/passwd', 'http://']) {
    expect(problemsOf({ CART_URL })).toHaveLength(1)
  }
  expect(problemsOf({ MONGODB_URL: 'mongodb://' })).toHaveLength(1)
})

test('given origins for CORS, when one is no exact origin, then it is refused; production adds none of its own', () => {
  const bad = [
    '*',
    'null',
    'https://a.example/',
    'https://A.example',
    'https://*.a.example',
    'a.example',
    'ftp://a.example',
  ]
  for (const origin of [...bad, 'https://a.example:443', 'https://a.example/shop', 'https://user@a.example']) {
    expect(problemsOf({ CORS_ORIGINS: `https://good.example,${origin}` }), origin).toEqual([
      `CORS_ORIGINS must list exact origins such as https://shop.example, not "${origin}".`,
    ])
  }
  expect(readConfig(production).corsOrigins).toEqual([])
  expect(readConfig({ ...production, CORS_ORIGINS: 'https://a.example:8443' }).corsOrigins).toEqual([
    'https://a.example:8443',
  ])
})

test('given production, when everything is given, then it starts quiet and without sample data', () => {
  expect(readConfig(production)).toMatchObject({ production: true, logLevel: 'info', seed: false })
})

test('given production, when nothing else is given, then all that is missing is named at once', () => {
  const problems = problemsOf({ NODE_ENV: 'production' })
  const names = Object.keys(production).filter((name) => name !== 'NODE_ENV')
  for (const name of names)
    expect(
      problems.filter((text) => text.startsWith(`${name} is missing`)),
      name,
    ).toHaveLength(1)
  expect(problems).toHaveLength(names.length)
})

test('given production, when a secret is short or the one of development, then it is refused and not repeated', () => {
  const known = readConfig({}).internalSecret
  for (const name of ['INTERNAL_SECRET', 'ORDER_TOKEN_SECRET', 'REFRESH_TOKEN_SECRET', 'PROVIDER_SECRET']) {
    for (const weak of [known, 'x'.repeat(31), `  ${'x'.repeat(31)}  `]) {
      const problems = problemsOf({ ...production, [name]: weak })
      expect(problems).toEqual([
        `${name} is the development secret or shorter than 32 characters: refused in production.`,
      ])
      expect(problems.join()).not.toContain(weak.trim())
    }
  }
})

test('given production, when one of its needs is missing, then it is refused', () => {
  for (const name of ['MONGODB_URL', 'SIGNING_KEY_PEM', 'INTERNAL_SECRET']) {
    expect(problemsOf({ ...production, [name]: '' })).toEqual([expect.stringMatching(`^${name} is missing`)])
  }
  expect(problemsOf({ ...production, SIGNING_KEY_PEM: '' }, ['orders'])).toEqual([])
  expect(problemsOf({ ...production, MONGODB_URL: '' }, ['gateway'])).toEqual([])
})

test('given units that run apart, when there is no database for all of them, then they are refused; the gateway needs none', () => {
  expect(problemsOf({}, ['orders', 'workers'])).toEqual([
    expect.stringMatching('^MONGODB_URL is missing: units that run apart'),
  ])
  expect(problemsOf({ MONGODB_URL: 'mongodb://db' }, ['orders', 'workers'])).toEqual([])
  expect(problemsOf({}, ['gateway'])).toEqual([])
  expect(problemsOf({}, unitNames)).toEqual([])
})

test('given units on the command line, when they are read, then they come in starting order, each once', () => {
  const { units } = readConfig({ MONGODB_URL: 'mongodb://db' }, ['workers', 'users', 'users', 'gateway'])
  expect(units).toEqual(['gateway', 'users', 'workers'])
})

test('given production, then addresses are confirmed first unless that is turned off; for trying the shop it is the other way round', () => {
  expect(readConfig(production).confirmEmailFirst).toBe(true)
  expect(readConfig({ ...production, CONFIRM_EMAIL_FIRST: 'off' }).confirmEmailFirst).toBe(false)
  expect(readConfig({}).confirmEmailFirst).toBe(false)
  expect(readConfig({ CONFIRM_EMAIL_FIRST: 'on' }).confirmEmailFirst).toBe(true)
})

test('given CRASH_AT, then it is read, refused when it names no crash point, and always in production (R4)', () => {
  const CRASH_AT = 'payments.intentWritten:2:throw'
  expect(readConfig({ CRASH_AT }).crashAt).toEqual({ point: 'payments.intentWritten', nth: 2, way: 'throw' })
  expect(problemsOf({ CRASH_AT: 'nowhere' })).toHaveLength(1)
  expect(problemsOf({ ...production, CRASH_AT })).toEqual(['CRASH_AT is for tests: refused in production.'])
})

test('given no provider, then one runs inside a whole shop; units apart look for it where `npm run provider` listens (R19)', () => {
  expect(readConfig({}).providerUrl).toBeNull()
  expect(readConfig({ MONGODB_URL: 'mongodb://db/' }, ['payments']).providerUrl).toBe('http://127.0.0.1:4010')
  expect(readConfig({ PROVIDER_URL: 'https://pay.example' }).providerUrl).toBe('https://pay.example')
  expect(problemsOf({ ...production, PROVIDER_URL: '' }, ['cart'])).toEqual([])
  expect(problemsOf({ ...production, PROVIDER_URL: '' }, ['payments'])).toHaveLength(1)
})

const redisOf = (url: string) => readConfig({ REDIS_URL: url }).redis

test('given no REDIS_URL, then every process keeps its own', () => expect(readConfig({}).redis).toBeNull())

test.each([
  ['redis://localhost', { kind: 'server', tls: false, nodes: [{ host: 'localhost', port: 6379 }], db: 0, master: '' }],
  [
    'rediss://shop:p%40ss:word@cache.example:7000/3',
    {
      kind: 'server',
      tls: true,
      nodes: [{ host: 'cache.example', port: 7000 }],
      username: 'shop',
      password: 'p@ss:word',
      db: 3,
      master: '',
    },
  ],
  [
    'redis://:only@[::1]:6379/',
    { kind: 'server', tls: false, nodes: [{ host: '::1', port: 6379 }], password: 'only', db: 0, master: '' },
  ],
  [
    'rediss://a:1,b:2,c',
    {
      kind: 'cluster',
      tls: true,
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
        { host: 'c', port: 6379 },
      ],
      db: 0,
      master: '',
    },
  ],
  [
    'redis+sentinel://:secret@s1,s2:5000/main/2',
    {
      kind: 'sentinel',
      tls: false,
      nodes: [
        { host: 's1', port: 26_379 },
        { host: 's2', port: 5_000 },
      ],
      password: 'secret',
      db: 2,
      master: 'main',
    },
  ],
  [
    'rediss+sentinel://shop:a@s1/main?sentinelPassword=b+%26&sentinelUsername=watch',
    {
      kind: 'sentinel',
      tls: true,
      nodes: [{ host: 's1', port: 26_379 }],
      username: 'shop',
      password: 'a',
      sentinelLogin: { username: 'watch', password: 'b+&' },
      db: 0,
      master: 'main',
    },
  ],
])('given REDIS_URL=%s, then it is read', (url, expected) => expect(redisOf(url)).toEqual(expected))

test.each([
  'localhost:6379',
  'http://localhost',
  'redis://',
  'redis://host:0',
  'redis://host:99999',
  'redis://host/one',
  'redis://host/1/2',
  'redis://a,b/1',
  'redis://a,,b',
  'redis+sentinel://s1,s2',
  'redis+sentinel://s1/main?sentinelUsername=watch',
  'redis+sentinel://s1/main?sentinelPassword=',
  'redis+sentinel://s1/main?sentinelPassword=hunter2&sentinelPassword=b',
  'redis+sentinel://s1/main?password=hunter2',
  'redis://host?sentinelPassword=hunter2',
  'redis://:hunter2%@host',
  'redis://user:hunter2@ho st',
])('given REDIS_URL=%s, then it is refused without showing it, beside every other mistake', (url) => {
  const problems = problemsOf({ REDIS_URL: url, PORT: 'x' })
  expect(problems).toHaveLength(2)
  expect(problems.join()).toMatch(/REDIS_URL must be redis:/)
  expect(problems.join()).not.toContain('hunter2')
})

test('given METRICS_PORT, then metrics are shown on this machine; elsewhere only with a token of 32 characters (threat: open /metrics)', () => {
  expect(readConfig({}).metrics).toBeNull()
  expect(readConfig({ METRICS_PORT: '9464' }).metrics).toEqual({ host: '127.0.0.1', port: 9_464, token: null })
  const open = { METRICS_PORT: '9464', METRICS_HOST: '0.0.0.0' }
  expect(problemsOf(open).join()).toMatch(/METRICS_TOKEN is missing: metrics at 0\.0\.0\.0/)
  expect(problemsOf({ ...open, METRICS_TOKEN: 'short' }).join()).toMatch(/METRICS_TOKEN is shorter than 32/)
  const token = 'a token of thirty-two characters!'
  expect(readConfig({ ...open, METRICS_TOKEN: token }).metrics).toEqual({ host: '0.0.0.0', port: 9_464, token })
})

test('given a collector, then spans go there; an address or a share that is none is refused', () => {
  expect(readConfig({}).tracing).toBeNull()
  const endpoint = 'http://collector:4318'
  expect(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }).tracing).toEqual({ endpoint, share: 1 })
  const given = { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector', OTEL_TRACES_SAMPLER_ARG: '2' }
  expect(problemsOf(given)).toHaveLength(2)
})
