import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from 'graphql-ws'
import { inject } from 'vitest'
import { WebSocket } from 'ws'
import { seed } from '../commands/seed/seed.ts'
import type { SeedSeller } from '../commands/seed/sellers.ts'
import { readConfig, subgraphNames, type UnitName, unitNames } from '../platform/config.ts'
import { type ShopOptions, startShop as startInProcess } from '../shop.ts'
import { freshPrefix } from './subgraph.ts'

export interface Result<Data> {
  readonly data: Data
  readonly errors?: readonly {
    message: string
    path?: readonly (string | number)[]
    extensions: { code: string; field?: string[] }
  }[]
}

// biome-ignore lint/suspicious/noExplicitAny: answers are described by the document of each test
export type Answer = any

/** A shop under test, as a client sees it. */
export interface TestShop {
  readonly url: string
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '..')

const quickEnv = {
  SEED: 'off',
  LOG_LEVEL: 'error',
  OUTBOX_POLL_MS: '50',
  FEED_POLL_MS: '100',
  PROVIDER_TIMEOUT_MS: '400',
}

/** The whole shop in this process on a free port, over a database of its own. */
export const startTogether = async (
  env: Record<string, string> = {},
  { units = [], ...options }: ShopOptions & { units?: readonly UnitName[] } = {},
) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
  const given = {
    ...quickEnv,
    MONGODB_URL: inject('mongoUrl'),
    DATABASE_PREFIX: freshPrefix(),
    DATA_DIR: dataDir,
    PORT: '0',
    ...env,
  }
  const shop = await startInProcess(readConfig(given, units), options)
  await seed(shop.callAs('seed'))
  return {
    url: shop.url!,
    callAs: shop.callAs,
    stop: async () => {
      await shop.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const freePorts = async (count: number): Promise<number[]> => {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

export const endProcess = async (child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill(signal)
  return exited
}

const spawnShop = (args: readonly string[], env: Record<string, string>) => {
  const child = spawn(process.execPath, ['start.ts', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const { promise: opened, resolve } = Promise.withResolvers<void>()
  const collect = (chunk: Buffer) => {
    output += String(chunk)
    if (output.includes('Emporion is open')) resolve()
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const ended = new Promise<number | null>((done) => child.once('close', done))
  return { child, opened, ended, output: () => output }
}

/** Starts `node start.ts ...` and waits for its banner. */
export const startProcess = async (
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ child: ChildProcess; output: () => string }> => {
  const { child, opened, ended, output } = spawnShop(args, env)
  const failed = ended.then((code) => {
    throw new Error(`node start.ts ${args.join(' ')} ended with ${code}:\n${output()}`)
  })
  await Promise.race([opened, failed])
  failed.catch(() => undefined)
  return { child, output }
}

/** Runs `node start.ts ...`, which is expected to end by itself. */
export const runProcess = async (
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number | null; output: string; ms: number }> => {
  const began = performance.now()
  const { child, opened, ended, output } = spawnShop(args, env)
  void opened.then(() => child.kill('SIGTERM'))
  return { code: await ended, output: output(), ms: performance.now() - began }
}

/** Every unit as a process of its own, over one database. */
export const startApart = async (env: Record<string, string> = {}) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
  const [gatewayPort, ...ports] = await freePorts(1 + subgraphNames.length)
  const urls = Object.fromEntries(
    subgraphNames.map((name, index) => [`${name.toUpperCase()}_URL`, `http://127.0.0.1:${ports[index]}/graphql`]),
  )
  const shared = {
    ...quickEnv,
    MONGODB_URL: inject('mongoUrl'),
    DATABASE_PREFIX: freshPrefix(),
    DATA_DIR: dataDir,
    PORT: String(gatewayPort),
    ...urls,
    ...env,
  }
  const started = await Promise.all(unitNames.map((unit) => startProcess([unit], shared)))
  const children = started.map(({ child }) => child)
  const seeder = await startInProcess(readConfig(shared, ['users', 'products', 'pricing']), { attach: true })
  await seed(seeder.callAs('seed'))
  await seeder.stop()
  return {
    url: `http://127.0.0.1:${gatewayPort}`,
    /** Where a subgraph listens: no place for clients. */
    subgraphUrl: (name: (typeof subgraphNames)[number]): string => urls[`${name.toUpperCase()}_URL`]!,
    /** The process of a unit, to be stopped in the middle of a story. */
    processOf: (unit: (typeof unitNames)[number]) => children[unitNames.indexOf(unit)]!,
    /** Starts a unit again that was stopped. */
    startAgain: async (unit: (typeof unitNames)[number]): Promise<void> => {
      children[unitNames.indexOf(unit)] = (await startProcess([unit], shared)).child
    },
    stop: async () => {
      await Promise.all(children.map((child) => endProcess(child)))
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Both ways to run the shop: the same stories hold in each. */
export const modes = [
  ['in one process', startTogether],
  ['as separate processes', startApart],
] as const

export interface RawAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** A request to any path as it is, with the answer as it comes. A text goes out unchanged, anything else as JSON. */
export const send = async (
  shop: TestShop,
  body: unknown,
  headers: Record<string, string> = {},
  { path = '/graphql', method = 'POST' } = {},
): Promise<RawAnswer> => {
  const response = await fetch(shop.url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(15_000),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** Sends an operation; `token` is an access token. */
export const ask = async (
  shop: TestShop,
  query: string,
  variables: object = {},
  token?: string,
): Promise<Result<Answer>> => {
  const response = await fetch(`${shop.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(15_000),
  })
  return (await response.json()) as Result<Answer>
}

/** Like `ask`, but any error fails the test. */
export const get = async (shop: TestShop, query: string, variables: object = {}, token?: string): Promise<Answer> => {
  const { data, errors } = await ask(shop, query, variables, token)
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

export interface Live {
  /** The next message; fails after ten seconds of silence. */
  next(): Promise<Answer>
  /** Messages until one meets the condition, which comes last. */
  until(condition: (data: Answer) => boolean): Promise<Answer[]>
  leave(): void
}

/** GraphQL errors of a subscription as one error with the code of the first. */
const asError = (failure: unknown): Error => {
  const [first] = Array.isArray(failure) ? failure : [failure]
  return Object.assign(new Error(JSON.stringify(failure)), { code: first?.extensions?.code })
}

/** A WebSocket connection of one viewer. */
export const connect = (
  shop: TestShop,
  token?: string,
): { client: Client; watch(query: string, variables?: Record<string, unknown>): Live; close(): Promise<void> } => {
  const client = createClient({
    url: `${shop.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: token ? { authorization: `Bearer ${token}` } : {},
    retryAttempts: 0,
  })
  const watch = (query: string, variables: Record<string, unknown> = {}): Live => {
    const messages: Answer[] = []
    let wake = Promise.withResolvers<void>()
    let failure: unknown = null
    const leave = client.subscribe<Answer>(
      { query, variables },
      {
        next: (message) => {
          messages.push(message)
          wake.resolve()
        },
        error: (error) => {
          failure = error
          wake.resolve()
        },
        complete: () => wake.resolve(),
      },
    )
    const next = async (): Promise<Answer> => {
      const silence = AbortSignal.timeout(10_000)
      const late = new Promise<never>((_, reject) =>
        silence.addEventListener('abort', () => reject(new Error('ten seconds of silence'))),
      )
      late.catch(() => undefined)
      while (messages.length === 0) {
        if (failure) throw asError(failure)
        await Promise.race([wake.promise, late])
        wake = Promise.withResolvers()
      }
      const message = messages.shift()
      if (message.errors) throw asError(message.errors)
      return message.data
    }
    return {
      next,
      until: async (condition) => {
        const seen: Answer[] = []
        do seen.push(await next())
        while (!condition(seen.at(-1)))
        return seen
      },
      leave,
    }
  }
  return { client, watch, close: async () => client.dispose() }
}

export const address = {
  name: 'Ada Buyer',
  line1: 'Hauptstr. 1',
  city: 'Berlin',
  postalCode: '10115',
  countryCode: 'DE',
}

/** A new guest's or user's tokens. */
export const guest = async (shop: TestShop): Promise<string> =>
  (await get(shop, 'mutation { continueAsGuest { session { accessToken } } }')).continueAsGuest.session.accessToken

let people = 0

export const signUp = async (
  shop: TestShop,
  token?: string,
): Promise<{ token: string; email: string; password: string }> => {
  people += 1
  const email = `buyer${people}-${process.pid}@example.com`
  const password = 'a long walk by the sea'
  const { signUp: payload } = await get(
    shop,
    'mutation ($input: SignUpInput!) { signUp(input: $input) { session { accessToken } userErrors { code message field } } }',
    { input: { email, password, name: 'Ada' } },
    token,
  )
  if (payload.userErrors.length > 0) throw new Error(JSON.stringify(payload.userErrors))
  return { token: payload.session.accessToken, email, password }
}

/** Variants of the seeded catalogue with their prices and stock. */
export const someVariants = async (
  shop: TestShop,
): Promise<{ id: string; sku: string; left: number; price: string; title: string }[]> => {
  const { products } = await get(
    shop,
    '{ products(first: 40) { nodes { title variants { id sku price { amount { amount } } availability { left } } } } }',
  )
  return products.nodes.flatMap((product: Answer) =>
    product.variants.map((variant: Answer) => ({
      id: variant.id,
      sku: variant.sku,
      left: variant.availability.left,
      price: variant.price.amount.amount,
      title: product.title,
    })),
  )
}

export const addLine = async (shop: TestShop, token: string, variantId: string, quantity = 1): Promise<Answer> =>
  (
    await get(
      shop,
      `mutation ($input: AddCartLineInput!) { addCartLine(input: $input) {
        cart { id version lines { id quantity variant { id sku product { title } } } totals { total { amount currencyCode } } }
        userErrors { code message field } } }`,
      { input: { variantId, quantity } },
      token,
    )
  ).addCartLine

/** Says where the cart goes; the total that the buyer then sees. */
export const setDestination = async (shop: TestShop, token: string): Promise<Answer> => {
  const { setCartDestination } = await get(
    shop,
    'mutation ($input: SetCartDestinationInput!) { setCartDestination(input: $input) { cart { totals { total { amount currencyCode } } } userErrors { code } } }',
    { input: { shippingAddress: address } },
    token,
  )
  return setCartDestination.cart?.totals?.total ?? { amount: '0.00', currencyCode: 'EUR' }
}

export const orderFields = `
  id number status nextStates totals { total { amount currencyCode } } lines { title quantity variant { id } }
  payments { id status amount { amount } captured { amount currencyCode } refunded { amount } nextAction { url } declineCode transactions { kind amount { amount } } }
  checkout { steps { name status reason } } timeline { seq event }`

/** Orders with exactly this input. */
export const sendOrder = async (shop: TestShop, token: string, input: object): Promise<Answer> =>
  (
    await get(
      shop,
      `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
        order { ${orderFields} } accessToken userErrors { code message field } } }`,
      { input },
      token,
    )
  ).placeOrder

/** A good input for `placeOrder`. */
export const orderInput = (acknowledgedTotal: object, token = 'tok_ok') => ({
  idempotencyKey: crypto.randomUUID(),
  email: 'ada@example.com',
  shippingAddress: address,
  acknowledgedTotal,
  payment: { provider: 'sandbox', token },
})

/** Orders the cart at the total that the buyer sees. */
export const placeOrder = async (shop: TestShop, token: string, input: object = {}): Promise<Answer> =>
  sendOrder(shop, token, { ...orderInput(await setDestination(shop, token)), ...input })

export const signIn = async (shop: TestShop, { email, password }: Pick<SeedSeller, 'email' | 'password'>) => {
  const { signIn: payload } = await get(
    shop,
    'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } userErrors { code } } }',
    { input: { email, password } },
  )
  return payload.session.accessToken as string
}

let offers = 0

/** A new product of a seller with variants at 10.00 EUR each; published unless told otherwise. */
export const offer = async (
  shop: TestShop,
  seller: string,
  { stock = 10, variants = 1, published = true } = {},
): Promise<{ productId: string; slug: string; title: string; variantIds: string[] }> => {
  offers += 1
  const title = `Offer ${offers} of ${process.pid}`
  const choices = Array.from({ length: variants }, (_, index) => `no ${index + 1}`)
  const { createProduct } = await get(
    shop,
    'mutation ($input: CreateProductInput!) { createProduct(input: $input) { product { id slug variants { id } } userErrors { code message field } } }',
    {
      input: {
        title,
        vendor: 'Offers',
        categories: [`Shelf ${offers % 3}`],
        variants: choices.map((value, index) => ({
          sku: `OFFER-${process.pid}-${offers}-${index}`,
          selectedOptions: variants > 1 ? [{ name: 'Kind', value }] : [],
          initialStock: stock,
        })),
      },
    },
    seller,
  )
  if (createProduct.userErrors.length > 0) throw new Error(JSON.stringify(createProduct.userErrors))
  const { id: productId, slug } = createProduct.product
  const variantIds: string[] = createProduct.product.variants.map(({ id }: Answer) => id)
  const done = await get(
    shop,
    `mutation ($id: ID!, $published: Boolean!, $prices: SetPricesInput!) {
      setPrices(input: $prices) { changed userErrors { code message field } }
      publishProduct(input: { id: $id }) @include(if: $published) { userErrors { code } } }`,
    {
      id: productId,
      published,
      prices: {
        prices: variantIds.map((variantId) => ({ variantId, amount: { amount: '10.00', currencyCode: 'EUR' } })),
      },
    },
    seller,
  )
  if (done.setPrices.userErrors.length > 0) throw new Error(JSON.stringify(done.setPrices.userErrors))
  return { productId, slug, title, variantIds }
}

/** Units of a variant that can be bought now. */
export const unitsLeft = async (shop: TestShop, slug: string): Promise<number> =>
  (await get(shop, 'query ($slug: String!) { product(slug: $slug) { variants { availability { left } } } }', { slug }))
    .product.variants[0].availability.left
