import { expect, test } from 'vitest'
import type { Viewer } from '../../platform/auth.ts'
import { remoteEndpoint } from '../../platform/endpoint.ts'
import type { Answer } from '../client.ts'
import { people } from './doors.ts'
import { readSdl, type Shop, sign, viewerOf, type World } from './world.ts'

/** Operations between subgraphs: nobody gets through but their callers. */
export const siblingStories = (world: () => World): void => {
  const supergraph = readSdl('supergraph.graphql')
  const services = [
    'gateway',
    'users',
    'products',
    'pricing',
    'cart',
    'orders',
    'payments',
    'workers',
    'import',
    'seed',
    'audit',
    'admin',
    'stranger',
  ]

  /** Which services may call an operation for siblings, and in which subgraph it is; nobody else gets through. */
  const scopesOfServices: Readonly<
    Record<string, readonly [subgraph: Parameters<Shop['subgraphUrl']>[0], ...names: string[]]>
  > = {
    sessionStates: ['users', 'gateway'],
    sessionNews: ['users', 'gateway'],
    auditVerification: ['users', 'audit'],
    mailing: ['users', 'workers'],
    orderMailing: ['orders', 'workers'],
    provedBuyer: ['users', 'orders'],
    ensureAccount: ['users', 'seed'],
    makeAdmin: ['users', 'admin'],
    variants: ['products', 'cart', 'orders', 'pricing'],
    holdStock: ['products', 'orders'],
    claimStock: ['products', 'orders'],
    releaseStock: ['products', 'orders'],
    restockStock: ['products', 'orders'],
    importProducts: ['products', 'import', 'seed'],
    tryQuote: ['pricing', 'cart', 'orders'],
    cartForCheckout: ['cart', 'orders'],
    closeCart: ['cart', 'orders'],
    authorizePayment: ['payments', 'orders'],
    capturePayment: ['payments', 'orders'],
    capturePaymentPart: ['payments', 'orders'],
    releasePayment: ['payments', 'orders'],
    receivePaymentWebhook: ['payments', 'gateway'],
    cancelPayment: ['payments', 'orders'],
  }

  const hidden = (['Query', 'Mutation'] as const).flatMap((root) =>
    Object.values(
      supergraph.getType(root)?.astNode && 'fields' in supergraph.getType(root)!.astNode!
        ? (supergraph.getType(root)!.astNode as Answer).fields
        : [],
    )
      .filter((field: Answer) => field.directives.some((one: Answer) => one.name.value === 'inaccessible'))
      .map((field: Answer) => [root, field.name.value, field] as const),
  )

  test('given the operations for siblings, then each has its callers written down; the public keys are for everybody', () => {
    expect(
      hidden
        .map(([, name]) => name)
        .filter((name) => name !== 'jwks')
        .sort(),
    ).toEqual(Object.keys(scopesOfServices).sort())
  })

  /** A value of the type that passes validation. */
  const sample = (type: Answer): unknown => {
    if (type.kind === 'NonNullType') return sample(type.type)
    if (type.kind === 'ListType') return [sample(type.type)]
    const name: string = type.name.value
    const definition = supergraph.getType(name)?.astNode as Answer
    if (definition?.kind === 'InputObjectTypeDefinition') {
      const needed = definition.fields.filter(
        (field: Answer) => field.type.kind === 'NonNullType' && !field.defaultValue,
      )
      return Object.fromEntries(needed.map((field: Answer) => [field.name.value, sample(field.type)]))
    }
    if (definition?.kind === 'EnumTypeDefinition') return definition.values[0].name.value
    return (
      { Int: 1, Boolean: true, Decimal: '1.00', CurrencyCode: 'EUR', DateTime: '2026-11-22T09:30:00.000Z' }[name] ?? 'x'
    )
  }
  const typeText = (type: Answer): string =>
    type.kind === 'NonNullType'
      ? `${typeText(type.type)}!`
      : type.kind === 'ListType'
        ? `[${typeText(type.type)}]`
        : type.name.value
  const namedType = (type: Answer): string => (type.type ? namedType(type.type) : type.name.value)

  test.each(hidden.filter(([, name]) => name !== 'jwks' && name in scopesOfServices))(
    'given %s.%s, when other services or viewers call it, then FORBIDDEN (threat: subgraphs)',
    async (root, name, field) => {
      const { shop, tokens } = world()
      const [subgraph, ...allowed] = scopesOfServices[name]!
      const definitions = field.arguments.map((one: Answer) => `$${one.name.value}: ${typeText(one.type)}`).join(', ')
      const passed = field.arguments.map((one: Answer) => `${one.name.value}: $${one.name.value}`).join(', ')
      const isPayload = namedType(field.type).endsWith('Payload')
      const selection = isPayload ? '{ userErrors { code } }' : '{ __typename }'
      const query = `${root.toLowerCase()} ${definitions && `(${definitions})`} { ${name} ${passed && `(${passed})`} ${selection} }`
      const variables = Object.fromEntries(field.arguments.map((one: Answer) => [one.name.value, sample(one.type)]))
      const endpoint = remoteEndpoint(shop.subgraphUrl(subgraph))
      const codesOf = async (viewer: Viewer): Promise<string[]> => {
        const { result } = await endpoint.execute(
          sign(subgraph, { viewer, body: JSON.stringify({ query, variables }) }),
        )
        const { data, errors = [] } = result as { data?: Record<string, Answer>; errors?: Answer[] }
        return [
          ...errors.map(({ extensions }) => extensions.code),
          ...(data?.[name]?.userErrors ?? []).map(({ code }: Answer) => code),
        ]
      }
      const viewers = people.map((person) => [person, viewerOf(tokens[person])] as const)
      const strangers = services
        .filter((service) => !allowed.includes(service))
        .map((service) => [service, { kind: 'service', name: service } as Viewer] as const)
      for (const [who, viewer] of [...viewers, ...strangers]) {
        expect(await codesOf(viewer), `${who}: ${query}`).toEqual([
          expect.stringMatching(/^(FORBIDDEN|UNAUTHENTICATED)$/),
        ])
      }
      await endpoint.stop()
    },
  )
}
