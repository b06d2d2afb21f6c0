import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApolloServer } from '@apollo/server'
import type { ExecutionResult } from 'graphql'
import { describe, expect, onTestFinished, test } from 'vitest'
import { anonymous, type Role, type Viewer } from '#platform/auth.ts'
import { readAccessRules } from './accessRules.ts'
import { makeEnforcer } from './authorisation.ts'
import type { StreamingContext } from './execution/subgraphs.ts'
import { makeSupergraphGateway } from './supergraph.ts'

const readFixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')

const audit = '@requiresScopes(scopes: [["audit:read"]])'

/**
 * Composition of today puts no directive on an interface; supergraphs of older ones have them there (GHSA-mx7m-j9xf-62hw).
 */
const onInterfaces = (sdl: string): string =>
  sdl
    .replace(/interface Guarded\n/, 'interface Guarded @authenticated\n')
    .replace(/(interface Being\n[^}]*secret: String)/, `$1 ${audit}`)

/** A graph in which everything that can be protected is, reachable in every way; its subgraphs are in the file. */
const supergraph = onInterfaces(readFixture('protected.graphql'))

const openGraph = readFixture('open.graphql')

/** As a supergraph of an older composition, or of another vendor: the directive is not on the field that `@requires` the input. */
const leaky = supergraph.replace(/^( +(?:bracket|friendly): .*?)(?: @requiresScopes\(.*\))$/gm, '$1')

/** The same graph with protected enums and scalars as arguments and within inputs. */
const takingInput = `${supergraph
  .replace(
    '  open: String @join',
    '  feel(mood: Mood, input: Feeling): String @join__field(graph: S0)\n  open: String @join',
  )
  .replace(/\n {2}wipe:/, '\n  wipe(code: Code):')}
input Feeling @join__type(graph: S0) {
  note: String @join__field(graph: S0)
  moods: [Mood!] @join__field(graph: S0)
  code: Code @join__field(graph: S0)
  inner: Feeling @join__field(graph: S0)
}
`

const user = (...roles: Role[]): Viewer => ({ kind: 'user', id: 'usr_1', sessionId: 'ses_1', roles })
const guest: Viewer = { kind: 'guest', id: 'gst_1', sessionId: 'ses_1' }

const start = async (sdl = supergraph) => {
  const calls: string[] = []
  const gateway = makeSupergraphGateway<StreamingContext>({
    supergraphSdl: sdl,
    transport: {
      execute: async (_subgraph, { query }): Promise<ExecutionResult> => {
        calls.push(query)
        return { data: { __typename: 'Query' } }
      },
      subscribe: async (_subgraph, { query }) => {
        calls.push(query)
        return { data: {} }
      },
    },
    enforcer: makeEnforcer,
  })
  const server = new ApolloServer<StreamingContext>({ gateway, nodeEnv: 'production' })
  await server.start()
  onTestFinished(() => server.stop())
  const ask = async (viewer: Viewer, query: string, variables = {}, operationName?: string) => {
    calls.length = 0
    const contextValue = { viewer, openStream: () => undefined }
    const { body } = await server.executeOperation({ query, variables, operationName }, { contextValue })
    const { errors = [], data } = body.kind === 'single' ? body.singleResult : {}
    const refused = errors.filter(({ extensions }) => extensions?.code === 'UNAUTHORIZED_FIELD_OR_TYPE')
    return { refused: refused.map(({ path }) => path?.join('.') ?? ''), data, calls: [...calls] }
  }
  return { ask }
}

/** An operation, and who may ask for it; everybody else is refused before anything is fetched. */
const cases: readonly [
  name: string,
  query: string,
  allowed: readonly ('guest' | 'buyer' | 'support' | 'seller' | 'admin')[],
][] = [
  ['a field', '{ secretField }', ['guest', 'buyer', 'support', 'seller', 'admin']],
  ['a field under an alias', '{ open: secretField }', ['guest', 'buyer', 'support', 'seller', 'admin']],
  ['a field with a scope', '{ me { email } }', ['support', 'admin']],
  ['a nested edge', '{ me { friend { friend { email } } } }', ['support', 'admin']],
  ['alternatives of scopes', '{ eitherOr }', ['admin']],
  ['two directives', '{ twice }', ['admin']],
  ['no scope that is enough', '{ nobody }', []],
  ['a field of an interface', '{ anybody { secret } }', ['admin']],
  [
    'the same field by a fragment on a type that implements it (GHSA-mx7m-j9xf-62hw)',
    '{ anybody { ... on Person { secret } } }',
    ['admin'],
  ],
  ['the same field by a type without the interface', '{ me { secret } }', ['admin']],
  ['the same field by a named fragment', 'query { me { ...F } } fragment F on Person { secret }', ['admin']],
  [
    'a fragment in a fragment',
    'query { me { ...F } } fragment F on Person { ...G } fragment G on Being { secret }',
    ['admin'],
  ],
  [
    'a type that implements a protected interface (GHSA-mx7m-j9xf-62hw)',
    '{ hidden { text } }',
    ['guest', 'buyer', 'support', 'seller', 'admin'],
  ],
  ['only its name', '{ hidden { __typename } }', ['guest', 'buyer', 'support', 'seller', 'admin']],
  ['an interface of which one type is protected', '{ agent { name } }', ['admin']],
  ['only the names of its types', '{ agent { __typename } }', ['admin']],
  ['a protected type by a fragment on the union', '{ found { ... on Spy { name } } }', ['admin']],
  ['an enum', '{ mood }', ['guest', 'buyer', 'support', 'seller', 'admin']],
  ['a list of enums', '{ moods }', ['guest', 'buyer', 'support', 'seller', 'admin']],
  ['a scalar', '{ code }', ['support', 'admin']],
  ['what is skipped', '{ open secretField @skip(if: true) }', ['guest', 'buyer', 'support', 'seller', 'admin']],
  [
    'what is not included',
    'query ($no: Boolean = false) { open me @include(if: $no) { email } }',
    ['support', 'admin'],
  ],
  ['a mutation', 'mutation { wipe }', ['admin']],
  ['a subscription', 'subscription { news }', ['guest', 'buyer', 'support', 'seller', 'admin']],
  ['a field of an event', 'subscription { people { email } }', ['support', 'admin']],
  ['what a protected input makes', '{ me { bracket } }', ['admin']],
]

const viewers = {
  anonymous,
  guest,
  buyer: user('BUYER'),
  support: user('BUYER', 'SUPPORT'),
  seller: user('BUYER', 'SELLER'),
  admin: user('BUYER', 'ADMIN'),
}

describe('auth directives', () => {
  test.each(cases)(
    'given %s, when anybody asks, then only those with the grant get through, and nothing is fetched for others (threat: fields)',
    async (_, query, allowed) => {
      const { ask } = await start()
      for (const [name, viewer] of Object.entries(viewers)) {
        const { refused, data, calls } = await ask(viewer, query)
        const may = allowed.some((one) => one === name)
        expect([name, refused.length === 0], name).toEqual([name, may])
        if (!may) expect([data ?? null, calls]).toEqual([null, []])
      }
    },
  )

  test.each([
    ['directly', '{ me { bracket } }'],
    ['nested', '{ me { friendly } }'],
    ['over an interface', '{ found { ... on Person { bracket } } }'],
    ['in an event', 'subscription { people { bracket } }'],
  ])(
    'given a field computed from protected input by @requires, %s, when somebody without the scope asks, then it is refused (GHSA-m8jr-fxqx-8xx6, threat: fields)',
    async (_, query) => {
      const { ask } = await start(leaky)
      expect(leaky).not.toBe(supergraph)
      for (const viewer of [anonymous, guest, viewers.buyer, viewers.support]) {
        const { refused, calls } = await ask(viewer, query)
        expect(refused.length).toBeGreaterThan(0)
        expect(calls).toEqual([])
      }
      expect((await ask(anonymous, '{ me { free } }')).refused).toEqual([])
      expect((await ask(viewers.admin, query)).refused).toEqual([])
    },
  )

  test.each([
    ['a literal', '{ feel(mood: GOOD) }', {}, 'guest'],
    ['a variable', 'query ($m: Mood) { feel(mood: $m) }', { m: 'GOOD' }, 'guest'],
    ['a variable that is not given', 'query ($m: Mood) { feel(mood: $m) }', {}, 'guest'],
    ['a part of an input', '{ feel(input: { note: "x", moods: [BAD] }) }', {}, 'guest'],
    ['a part of a part', '{ feel(input: { inner: { code: "1" } }) }', {}, 'support'],
    ['a variable within an input', 'query ($c: Code) { feel(input: { code: $c }) }', { c: '1' }, 'support'],
    ['a variable with such a part', 'query ($i: Feeling) { feel(input: $i) }', { i: { code: '1' } }, 'support'],
    ['a mutation', 'mutation { wipe(code: "1") }', {}, 'admin'],
  ] as const)(
    'given a protected enum or scalar that goes in as %s, when somebody without the grant asks, then it is refused before anything is fetched (threat: fields)',
    async (_, query, variables, least) => {
      const { ask } = await start(takingInput)
      const lesser = { guest: anonymous, support: viewers.buyer, admin: viewers.support }[least]
      const { refused, calls } = await ask(lesser, query, variables)
      expect([refused.length > 0, calls]).toEqual([true, []])
      expect((await ask(viewers[least], query, variables)).refused).toEqual([])
    },
  )

  test('given an input that could carry protected parts, when it carries none, then nobody is refused', async () => {
    const { ask } = await start(takingInput)
    expect((await ask(anonymous, '{ feel(input: { note: "x", inner: { note: "y" } }) }')).refused).toEqual([])
    expect((await ask(anonymous, '{ feel }')).refused).toEqual([])
  })

  test('given a refusal, then it names the place and nothing else, and an operation without protected parts passes', async () => {
    const { ask } = await start()
    expect(await ask(anonymous, '{ open me { name nick: email } }')).toMatchObject({ refused: ['me.nick'] })
    expect(await ask(anonymous, '{ open me { id free } }')).toMatchObject({ refused: [] })
    const two = 'query A { open } query B { secretField }'
    expect(await ask(anonymous, two, {}, 'A')).toMatchObject({ refused: [] })
    expect(await ask(anonymous, two, {}, 'B')).toMatchObject({ refused: ['secretField'] })
    expect(await ask(guest, two, {}, 'B')).toMatchObject({ refused: [] })
    expect(await ask(anonymous, two, {}, 'B')).toMatchObject({ refused: ['secretField'] })
  })

  test('given very many refused places and fragments spread in each other, then few are named and each fragment is walked once', async () => {
    const { ask } = await start()
    const aliases = Array.from({ length: 200 }, (_, index) => `a${index}: secretField`).join(' ')
    expect((await ask(anonymous, `{ ${aliases} }`)).refused).toHaveLength(10)
    const bomb = Array.from(
      { length: 12 },
      (_, index) => `fragment F${index} on Person { ...F${index + 1} ...F${index + 1} }`,
    )
    const { refused } = await ask(anonymous, `{ me { ...F0 } } ${bomb.join(' ')} fragment F12 on Person { email }`)
    expect(refused).toEqual(['me.email'])
  })

  test('given a supergraph with auth directives, when the enforcer is off, then the start is refused (threat: fields)', () => {
    const transport = { execute: async () => ({}), subscribe: async () => ({}) }
    expect(() => makeSupergraphGateway({ supergraphSdl: supergraph, transport, enforcer: null })).toThrow(
      /enforcer is off/,
    )
    expect(() => makeSupergraphGateway({ supergraphSdl: openGraph, transport, enforcer: null })).not.toThrow()
  })

  test('given a supergraph that wants more than is enforced here, when it is read, then the start is refused (threat: fields)', () => {
    const policy = openGraph.replace('\n{', '\n  @link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)\n{')
    expect(() => readAccessRules(policy)).toThrow(/@policy/)
    const fromContext = openGraph.replaceAll(
      'open: String',
      'open: String @join__field(graph: S0, contextArguments: [{ context: "c", name: "a", type: "String", selection: " { secret }" }])',
    )
    expect(() => readAccessRules(fromContext)).toThrow(/@fromContext/)
    const undefinedName = openGraph.replace(
      '\n{',
      '\n  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)\n{',
    )
    expect(() => readAccessRules(undefinedName)).toThrow(/does not define/)
  })

  test('given directives under other names, when the supergraph is read, then they count', () => {
    const renamed = openGraph
      .replace(
        '\n{',
        '\n  @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY, import: [{ name: "@authenticated", as: "@signedIn" }])\n{',
      )
      .replaceAll('open: String', 'open: String @signedIn')
      .concat('directive @signedIn on FIELD_DEFINITION')
    const rules = readAccessRules(renamed)
    expect(rules.present).toBe(true)
    expect(rules.ofField('Query', 'open')).toEqual({ authenticated: true, scopes: [] })
  })
})
