/**
 * `npm run bench:identity`: what it costs to know who asks, in CPU time of one core. Exits with 1 when a cost is above its bar
 * (per signed-in request 0.2 ms at the gateway, per call 0.05 ms in a subgraph, twice its own time for a product list beside 50 sign-ins a
 * second, L2).
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getOperationAST, parse } from 'graphql'
import { readAccessRules } from '../gateway/accessRules.ts'
import { makeAccessTokenVerifier } from '../gateway/accessTokens.ts'
import { makeAuth } from '../gateway/auth.ts'
import { makeEnforcer } from '../gateway/authorisation.ts'
import { makeVerificationKeys } from '../gateway/verificationKeys.ts'
import { callKey, makeNonceMemory, readCall, signCall, type Viewer } from '../platform/auth.ts'
import { makeMemoryCache } from '../platform/cache/memory.ts'
import type { SubgraphEndpoint } from '../platform/call.ts'
import { makeCallSigner, makeSubgraphCaller } from '../platform/caller.ts'
import { makeIds } from '../platform/kernel/id.ts'
import { makeManualClock, seconds } from '../platform/kernel/time.ts'
import { makeThrowawayKeys } from '../platform/keys.ts'
import { makeLog } from '../platform/log.ts'
import { systemRandom } from '../platform/random.ts'
import { makeAccessTokens } from '../subgraphs/users/accessTokens.ts'
import { measureSignIns } from './signIns.ts'

interface Cost {
  readonly what: string
  readonly rounds: number
  /** Most milliseconds of CPU for one; null: shown only. */
  readonly bar: number | null
  run(round: number): unknown
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Milliseconds of CPU for one run: the best of five, after a warm-up, so that neighbours on the machine count little. */
const measure = async ({ rounds, run }: Cost): Promise<number> => {
  const samples: number[] = []
  for (let sample = 0; sample < 6; sample += 1) {
    const began = cpuMs()
    for (let round = 0; round < rounds; round += 1) await run(sample * rounds + round)
    samples.push((cpuMs() - began) / rounds)
  }
  return Math.min(...samples.slice(1))
}

const clock = makeManualClock(Date.now())
const issuer = 'http://localhost:4000'
const signingKeys = makeThrowawayKeys()
const tokens = makeAccessTokens({
  signingKeys,
  issuer,
  audience: issuer,
  lifeSeconds: 3_600,
  clock,
  random: systemRandom,
})
const session = {
  _id: 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  subject: { kind: 'user', accountId: 'usr_1', absorbedGuestId: null },
}
const newToken = (): string => tokens.issue(session as never, ['BUYER']).token
const log = makeLog('silent')

/** The users subgraph without its work: what is left is the gateway's share, the signature of the call included. */
const users: SubgraphEndpoint = {
  execute: async ({ body }) => {
    if (body.includes('jwks')) return { status: 200, result: { data: { jwks: tokens.jwks() } } }
    const { variables } = JSON.parse(body) as { variables: { ids: string[] } }
    const sessionStates = variables.ids.map((id) => ({ id, active: true, roles: ['BUYER'] }))
    return { status: 200, result: { data: { sessionStates } } }
  },
  subscribe: async () => ({}),
  stop: async () => undefined,
}
const ids = makeIds(clock, systemRandom)
const sign = makeCallSigner({ secret: 'a secret of more than thirty-two characters', clock, ids })
const call = makeSubgraphCaller('gateway', { endpoints: () => users, sign, timeoutMs: 3_000 })

const auth = makeAuth({ issuer, audience: issuer, clock, cache: makeMemoryCache(clock), call, log })
const verifier = makeAccessTokenVerifier({
  issuer,
  audience: issuer,
  clock,
  keyOf: makeVerificationKeys({ clock, call, log }),
})
const authorization = `Bearer ${newToken()}`
const fresh = Array.from({ length: 3_000 }, newToken)

const key = callKey('a secret of more than thirty-two characters', 'orders')
const viewer: Viewer = { kind: 'user', id: 'usr_1', sessionId: 'ses_1', roles: ['BUYER'] }
const client = {
  address: '203.0.113.7',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
}
const body = JSON.stringify({
  query: `query Order($id: ID!) { order(id: $id) { ${'id status '.repeat(100)} } }`,
  variables: { id: 'ord_1' },
})
const signer = { key, clock, nonce: () => Buffer.from(systemRandom(16)).toString('base64url') }
const signed = signCall(signer, { viewer, client, body, requestId: 'req_1' })
const nonces = makeNonceMemory(clock)

const document = parse(
  'query { viewer { id } orders(first: 10) { nodes { id status lines { title quantity } payments { status } } } }',
)
const operation = getOperationAST(document)
const supergraph = await readFile(join(import.meta.dirname, '../schema/supergraph.graphql'), 'utf8')
const enforce = makeEnforcer(readAccessRules(supergraph))

const costs: readonly Cost[] = [
  {
    what: 'gateway: token and session, both known',
    rounds: 5_000,
    bar: 0.2,
    run: () => auth.identify(authorization),
  },
  {
    what: 'gateway: token known, session asked anew (once a second)',
    // Each round is a second and a half later; all of them together are shorter than the life of the token.
    rounds: 300,
    bar: 0.2,
    run: () => {
      clock.advance(seconds(1.5))
      return auth.identify(authorization)
    },
  },
  {
    what: 'gateway: token never seen before (once in its life)',
    rounds: 500,
    bar: null,
    run: (round) => verifier(fresh[round] ?? ''),
  },
  {
    what: 'gateway: authorisation of a known document',
    rounds: 20_000,
    bar: null,
    run: () => (operation ? enforce(document, operation, viewer) : []),
  },
  {
    what: 'gateway: signing a call',
    rounds: 5_000,
    bar: null,
    run: () => signCall(signer, { viewer, client, body, requestId: 'req_1' }),
  },
  {
    what: 'subgraph: signature, viewer and nonce of a call',
    rounds: 5_000,
    bar: 0.05,
    run: (round) => [readCall(key, clock, signed, body), nonces.first(String(round))],
  },
]

let failed = false
for (const cost of costs) {
  const ms = await measure(cost)
  const above = cost.bar !== null && ms > cost.bar
  failed ||= above
  const bar = cost.bar === null ? '' : `bar ${cost.bar.toFixed(2)} ms${above ? ', ABOVE' : ''}`
  console.log(`${cost.what.padEnd(58)} ${ms.toFixed(4)} ms  ${bar}`)
}
const { quiet, busy, signedIn } = await measureSignIns()
const ratio = busy / quiet
failed ||= ratio > 2
console.log(
  `product list p95 ${quiet.toFixed(1)} ms alone, ${busy.toFixed(1)} ms beside ${signedIn.toFixed(0)} sign-ins/s: ${ratio.toFixed(2)} times, bar 2${ratio > 2 ? ', ABOVE' : ''}`,
)
process.exitCode = failed ? 1 : 0
