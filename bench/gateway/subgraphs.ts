/**
 * The subgraphs of the benchmark, as a process of their own: canned answers over HTTP, each under a path. Prints its address and an
 * access token that its `users` vouches for.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeManualClock } from '../../platform/kernel/time.ts'
import { makeThrowawayKeys } from '../../platform/keys.ts'
import { systemRandom } from '../../platform/random.ts'
import { makeAccessTokens } from '../../subgraphs/users/accessTokens.ts'

const issuer = 'http://localhost:4000'
const tokens = makeAccessTokens({
  signingKeys: makeThrowawayKeys(),
  issuer,
  audience: issuer,
  lifeSeconds: 3_600,
  clock: makeManualClock(Date.now()),
  random: systemRandom,
})
const session = {
  _id: 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  subject: { kind: 'user', accountId: 'usr_1', absorbedGuestId: null },
}

const count = (length: number) => Array.from({ length }, (_, index) => index)

const orders = count(10).map((order) => ({
  __typename: 'Order',
  id: `ord_${order}`,
  number: 1_000 + order,
  state: 'OPEN',
  customer: { __typename: 'User', id: `usr_${order}` },
  weight: 1_200 + order,
  address: { zip: `1011${order}` },
  items: count(3).map((item) => ({
    quantity: 1 + item,
    product: { __typename: 'Product', id: `prod_${order * 3 + item}` },
  })),
}))

interface Representation {
  readonly __typename: string
  readonly id: string
  readonly weight?: number
}

const entityOf: Readonly<Record<string, (representation: Representation) => object>> = {
  users: ({ id }) => ({ name: `Customer ${id} of the house`, email: `${id}@example.org` }),
  products: ({ id }) => ({ title: `A product of good quality, number ${id}`, size: { width: 12, height: 30 } }),
  shipping: ({ __typename, weight = 0 }) =>
    __typename === 'Order' ? { shipping: 490 + weight } : { stock: 14, reserve: 3 },
}

const ordersAnswer = JSON.stringify({ data: { orders } })

const answer = (subgraph: string, body: string): string => {
  if (subgraph === 'orders') return ordersAnswer
  if (body.includes('jwks')) return JSON.stringify({ data: { jwks: tokens.jwks() } })
  const { variables } = JSON.parse(body) as { variables: { representations: Representation[]; ids: string[] } }
  if (body.includes('sessionStates(')) {
    const sessionStates = variables.ids.map((id) => ({ id, active: true, roles: ['BUYER'] }))
    return JSON.stringify({ data: { sessionStates } })
  }
  return JSON.stringify({ data: { _entities: variables.representations.map((one) => entityOf[subgraph]?.(one)) } })
}

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
  const text = answer(request.url?.split('/')[1] ?? '', await read(request))
  response.writeHead(200, { 'content-type': 'application/json' }).end(text)
})

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  const { token } = tokens.issue(session as never, ['BUYER'])
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}`, token }))
})
