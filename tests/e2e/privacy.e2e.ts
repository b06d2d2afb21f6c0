import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type GraphQLArgument,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeLog } from '#platform/log.ts'
import { lanternHouse } from '../../commands/seed/sellers.ts'
import { readSchema } from '../access/schema.ts'
import { connect, get, send, type TestShop } from '../client.ts'
import { addLine, guest, placeOrder, signIn, signUp, someVariants } from '../people.ts'
import { soonTired, startTogether } from '../shop.ts'
import { everythingStored } from '../stored.ts'
import { freshPrefix } from '../subgraph.ts'

const schema = readSchema(readFileSync(join(import.meta.dirname, '../../schema/api.graphql'), 'utf8'))

/** A secret that somebody put into the wrong place, or the right one. */
const canary = 'cAnArY7f3aSecret'

let shop: TestShop
let dataDir: string
const prefix = freshPrefix()
const lines: string[] = []

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'privacy-'))
  const log = makeLog('debug', { write: (line) => void lines.push(line) })
  shop = await startTogether({ ...soonTired, DATA_DIR: dataDir, DATABASE_PREFIX: prefix }, { log })
})
afterAll(async () => {
  await shop?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** A value of the type that is the canary wherever a text may be. */
const filled = (input: GraphQLInputType, depth = 0): unknown => {
  if (isNonNullType(input)) return filled(input.ofType, depth)
  if (isListType(input)) return [filled(input.ofType, depth)]
  const type = getNamedType(input)
  if (isEnumType(type)) return type.getValues()[0]?.value
  if (isInputObjectType(type)) {
    const fields = depth > 3 ? [] : Object.values(type.getFields())
    return Object.fromEntries(fields.map((field) => [field.name, filled(field.type, depth + 1)]))
  }
  return (
    { Int: 1, Boolean: true, Float: 1, Decimal: '1.00', CurrencyCode: 'EUR', DateTime: '2026-11-22T09:30:00.000Z' }[
      type.name
    ] ?? canary
  )
}

/** The same with the canary also where it cannot be: in numbers, enums, scalars and whole objects. */
const misfit = (input: GraphQLInputType): unknown =>
  isNonNullType(input)
    ? misfit(input.ofType)
    : isInputObjectType(input)
      ? { [canary]: canary, ...mixed(input) }
      : canary

const mixed = (input: GraphQLInputType): object =>
  isInputObjectType(input)
    ? Object.fromEntries(Object.values(input.getFields()).map((field) => [field.name, { [canary]: canary }]))
    : {}

const roots = (['Query', 'Mutation', 'Subscription'] as const).flatMap((root) => {
  const type = schema.getType(root)
  return isObjectType(type) ? Object.values(type.getFields()).map((field) => ({ root, field })) : []
})

const documentOf = ({ root, field }: (typeof roots)[number], name: string, directive = ''): string => {
  const list = (show: (argument: GraphQLArgument) => string) =>
    field.args.length > 0 ? `(${field.args.map(show).join(', ')})` : ''
  const variables = list(({ name: argument, type }) => `$${argument}: ${type}`)
  const passed = list(({ name: argument }) => `${argument}: $${argument}`)
  return `${root.toLowerCase()} ${name}${variables} { ${field.name}${passed} ${directive} { __typename } }`
}

/** Answers without what a payload rightly gives back to whoever sent it: only errors count. */
const errorsOf = (text: string): string => {
  const { errors, data } = JSON.parse(text) as {
    errors?: unknown
    data?: Record<string, { userErrors?: unknown }> | null
  }
  return JSON.stringify([errors, Object.values(data ?? {}).map((payload) => payload?.userErrors)])
}

const written = async (): Promise<string> => {
  const files = await readdir(dataDir, { recursive: true, withFileTypes: true })
  const texts = await Promise.all(
    files
      .filter(
        (file) => file.isFile() && /\.(?:log|eml|txt|json|html)$/.test(file.name) && !file.parentPath.endsWith('keys'),
      )
      .map((file) => readFile(join(file.parentPath, file.name), 'utf8')),
  )
  // A mail greets its reader by the name that its reader gave: that is no leak.
  const letters = texts.map((text) =>
    text.replaceAll(`To: ${canary} <`, 'To: <').replaceAll(`Hello ${canary},`, 'Hello,'),
  )
  return [...lines, ...letters].join('\n')
}

const headers = {
  'x-canary': canary,
  'user-agent': canary,
  cookie: `session=${canary}`,
  referer: `https://shop.example/?token=${canary}`,
  'x-forwarded-for': canary,
  'x-request-id': `${canary} `,
  origin: `https://${canary}.example`,
}

const over = roots.filter(({ root }) => root !== 'Subscription').map((one) => [one.root, one.field.name, one] as const)

const stored = async (): Promise<string> => JSON.stringify(await everythingStored(prefix))

describe('privacy', () => {
  test('given passwords and tokens that people use, when everything written is read, then neither databases, events, mails nor logs have them (threat: privacy)', async () => {
    const first = await signUp(shop)
    const password = `${canary} by the sea`
    const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { userErrors { code } } }'
    const { changePassword } = await get(
      shop,
      change,
      { input: { currentPassword: first.password, newPassword: password } },
      first.token,
    )
    expect(changePassword.userErrors).toEqual([])
    const { signIn: signedIn } = await get(
      shop,
      'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken refreshToken } } }',
      { input: { email: first.email, password } },
    )
    const { accessToken, refreshToken } = signedIn.session
    const [variant] = await someVariants(shop)
    await addLine(shop, accessToken, variant!.id)
    const placed = await placeOrder(shop, accessToken)
    expect(placed.order.status).toBe('CONFIRMED')
    const everything = [await stored(), await written()].join('\n')
    expect(everything).toContain(placed.order.id)
    const secrets = { password, first: first.password, accessToken, refreshToken, order: placed.accessToken }
    for (const [name, secret] of Object.entries(secrets)) expect(everything.includes(secret), name).toBe(false)
  })

  test('given orders that are paid, refused, wait for their buyer and are canceled, then nothing that is stored has what they were paid with, nor from where (threat: privacy)', async () => {
    const [variant] = await someVariants(shop)
    const order = async (token: string) => {
      const buyer = await guest(shop)
      await addLine(shop, buyer, variant!.id)
      const placed = await placeOrder(shop, buyer, { payment: { provider: 'sandbox', token } })
      return { buyer, ...placed.order }
    }
    const [paid, , waiting] = [await order('tok_ok'), await order('tok_declined'), await order('tok_requires_action')]
    const canceled = await order('tok_slow')
    const cancel = 'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status } } }'
    await get(shop, cancel, { input: { id: canceled.id } }, canceled.buyer)
    const everything = await stored()
    for (const { id } of [paid, waiting, canceled]) expect(everything).toContain(id)
    expect(everything.match(/tok_(?:ok|declined|requires_action|slow)/g)).toBeNull()
    expect(everything.match(/"clientAddress":"[^"]+"/g)).toBeNull()
  })

  test.each(over)(
    'given %s.%s, when a secret is in every input, fitting or not, then no error and no log line has it (threat: privacy, R18)',
    async (_root, _field, { root, field }) => {
      const viewers = [undefined, await guest(shop), (await signUp(shop)).token, await signIn(shop, lanternHouse)]
      const fitting = Object.fromEntries(field.args.map(({ name, type }) => [name, filled(type)]))
      const wrong = Object.fromEntries(field.args.map(({ name, type }) => [name, misfit(type)]))
      const query = documentOf({ root, field }, canary)
      const selected = query.replace('{ __typename }', '{ __typename userErrors { code message field } }')
      const bodies = [
        { query, variables: fitting, operationName: canary },
        ...(root === 'Mutation' ? [{ query: selected, variables: fitting, operationName: canary }] : []),
        { query, variables: wrong, operationName: canary },
        { query, variables: { ...fitting, [canary]: canary }, operationName: `${canary}2` },
        { query, variables: canary },
        { query, variables: [canary], operationName: { [canary]: canary } },
      ]
      for (const viewer of viewers) {
        for (const body of bodies) {
          const { text } = await send(shop, body, { ...headers, ...(viewer && { authorization: `Bearer ${viewer}` }) })
          expect(errorsOf(text), JSON.stringify(body)).not.toContain(canary)
        }
      }
      expect(await written()).not.toContain(canary)
    },
  )

  test('given bad tokens, bad bodies and bad literals with a secret, when they come over HTTP, then no error and no log line has it (threat: privacy)', async () => {
    const literals = [
      'products(first: "CANARY") { totalCount }',
      'order(id: { a: "CANARY" }) { id }',
      'viewer { kind @skip(if: "CANARY") }',
      'search(query: "CANARY", first: CANARY) { totalCount }',
    ]
    const bodies = [
      ...literals.map((literal) => ({ query: `{ ${literal.replaceAll('CANARY', canary)} }` })),
      `{"query": "${canary}`,
      canary,
      { query: `{ "${canary}" }` },
      { query: { [canary]: canary } },
      { extensions: { persistedQuery: { version: 1, sha256Hash: canary } } },
    ]
    for (const body of bodies) {
      for (const authorization of ['', `Bearer ${canary}`, `Basic ${canary}`, canary]) {
        const { text } = await send(shop, body, { ...headers, ...(authorization && { authorization }) })
        expect(text, JSON.stringify(body)).not.toContain(canary)
      }
    }
    const { text } = await send(shop, undefined, headers, { path: `/${canary}?token=${canary}`, method: 'GET' })
    expect(text).not.toContain(canary)
    expect(await written()).not.toContain(canary)
  })

  test('given subscriptions, when a secret is in every input, then no error and no log line has it (threat: privacy)', async () => {
    for (const token of [undefined, await guest(shop)]) {
      const socket = connect(shop, token)
      for (const { root, field } of roots.filter(({ root }) => root === 'Subscription')) {
        if (field.args.length === 0) continue
        for (const variables of [
          field.args.map(({ name, type }) => [name, misfit(type)]),
          field.args.map(({ name, type }) => [name, filled(type)]),
        ]) {
          const document = documentOf({ root, field }, canary)
          const live = socket.watch(document, Object.fromEntries(variables))
          if (field.name === 'cartUpdated' && variables[0]?.[1] === 1) live.leave()
          else expect(await live.next().catch((error: Error) => error.message)).not.toContain(canary)
        }
      }
      await socket.close()
    }
    expect(await written()).not.toContain(canary)
  })
})
