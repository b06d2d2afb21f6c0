import jwt from 'jsonwebtoken'
import { expect } from 'vitest'
import { anonymous, type Client, noClient, service, type Viewer } from '../platform/auth.ts'
import { makeManualClock } from '../platform/kernel/time.ts'
import type { PendingEvent } from '../platform/store.ts'
import type { AuditEntry } from '../subgraphs/users/domain/audit.ts'
import { users } from '../subgraphs/users/index.ts'
import type { SessionPayload } from '../subgraphs/users/schema.generated.ts'
import { startTestSubgraph } from './subgraph.ts'

export const password = 'grue-lantern-41'
export const ada = { email: 'Ada@Example.org', password, name: 'Ada' }

const payload = `session { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }
  viewer { id kind email name roles sessionExpiresAt } userErrors { code message field }`

/** What the gateway makes of an access token. */
export const viewerOf = ({ session }: Pick<SessionPayload, 'session'>): Viewer => {
  const claims = jwt.decode(session!.accessToken) as jwt.JwtPayload
  const base = { id: claims.sub!, sessionId: claims.sid }
  return claims.kind === 'guest'
    ? { kind: 'guest', ...base }
    : { kind: 'user', ...base, roles: claims.roles, guestId: claims.gst }
}

/** A running users subgraph with its mutations as functions. */
export const startUsers = async (overrides: Parameters<typeof startTestSubgraph>[1] = {}) => {
  const clock = makeManualClock()
  const shop = await startTestSubgraph(users, { clock, ...overrides })
  const run = async <T = SessionPayload>(
    viewer: Viewer,
    field: string,
    selection: string,
    input?: object,
    client: Client = noClient,
  ): Promise<T> => {
    const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input!`
    const query = input
      ? `mutation($input: ${type}) { ${field}(input: $input) { ${selection} } }`
      : `mutation { ${field} { ${selection} } }`
    const { data, errors } = await shop.ask(viewer, query, { input }, client)
    expect(errors).toBeUndefined()
    return (data as Record<string, T>)[field]!
  }
  /** Does what the workers do: brings every waiting fact of this subgraph to its own consumers. */
  const settle = async (): Promise<void> => {
    const { outboxes = [], consumers = [] } = shop.subgraph.parts
    for (const source of outboxes) {
      for (const event of await source.pending(1_000)) {
        for (const consumer of consumers) await consumer.on[event.type]?.(event)
        await source.done([event])
      }
    }
  }
  return {
    ...shop,
    clock,
    run,
    settle,
    /** Acts in the audit log, oldest first. */
    acts: async () => {
      await settle()
      return (await shop.deps.database
        .collection('audit')
        .find({})
        .sort({ seq: 1 })
        .toArray()) as unknown as AuditEntry[]
    },
    guest: (client = noClient) => run(anonymous, 'continueAsGuest', payload, undefined, client),
    signUp: (input: object = ada, viewer = anonymous, client = noClient) =>
      run(viewer, 'signUp', payload, input, client),
    signIn: (input: object = { email: ada.email, password }, viewer = anonymous, client = noClient) =>
      run(viewer, 'signIn', payload, input, client),
    refresh: (refreshToken: string, client = noClient) =>
      run(anonymous, 'refreshSession', payload, { refreshToken }, client),
    signOut: (viewer: Viewer, everywhere = false) =>
      run<{ endedSessions: number; userErrors: object[] }>(viewer, 'signOut', 'endedSessions userErrors { code }', {
        everywhere,
      }),
    ensure: (input: object, viewer = service('seed')) =>
      run<{ accountId: string | null; userErrors: object[] }>(
        viewer,
        'ensureAccount',
        'accountId userErrors { code field }',
        input,
      ),
    viewer: async (viewer: Viewer) =>
      (await shop.ask(viewer, '{ viewer { id kind email name roles sessionExpiresAt } }')).data?.viewer,
    state: async (viewer: Viewer) => {
      const id = 'sessionId' in viewer ? viewer.sessionId : ''
      const query = 'query($ids: [ID!]!) { sessionStates(ids: $ids) { active roles } }'
      const { data } = await shop.ask(service('gateway'), query, { ids: [id] })
      return (data as { sessionStates: { active: boolean; roles: string[] }[] }).sessionStates[0]
    },
    rows: (collection: string) => shop.deps.database.collection(collection).find({}).toArray(),
  }
}

export type Users = Awaited<ReturnType<typeof startUsers>>

export const liveFamilies = async ({ rows }: Users) =>
  (await rows('sessions')).filter(({ revokedAt }) => revokedAt === null)

/** Another instance of the subgraph over the same database: what one process serialises, two must decide by the guarded write. */
export const startSecond = ({ deps, clock }: Users) =>
  startUsers({ clock, config: { databasePrefix: deps.config.databasePrefix } })

/** The mails that are due, as the workers would ask for them. Facts of this subgraph are brought to it meanwhile. */
export const mails = async (users: Users) => {
  const { outboxes = [], consumers = [] } = users.subgraph.parts
  const due: PendingEvent[] = []
  for (let looked = false; !looked; ) {
    const events = (
      await Promise.all(outboxes.map(async (source) => ({ source, events: await source.pending(100) })))
    ).flatMap(({ source, events: found }) => found.map((event) => ({ source, event })))
    looked = events.length === 0
    for (const { source, event } of events) {
      if (event.type === 'MailRequested') due.push(event)
      for (const consumer of consumers) await consumer.on[event.type]?.(event)
      await source.done([event])
    }
  }
  return Promise.all(
    due.map(async ({ payload }) => {
      const query =
        'query ($accountId: ID!, $tokenId: ID) { mailing(accountId: $accountId, tokenId: $tokenId) { to name token } }'
      const { data } = await users.ask(service('workers'), query, payload)
      return { kind: payload.kind, ...(data?.mailing as { to: string; name: string; token: string }) }
    }),
  )
}

/** The token of the only mail of this kind. */
export const tokenOf = async (users: Users, kind: string): Promise<string> => {
  const found = (await mails(users)).filter((mail) => mail.kind === kind)
  expect(found).toHaveLength(1)
  return found[0]!.token
}

export const refused = (code: string, field: string[] | null) => ({
  session: null,
  viewer: null,
  userErrors: [{ code, field, message: expect.any(String) }],
})
export const invalidToken = refused('REFRESH_TOKEN_INVALID', ['input', 'refreshToken'])

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/**
 * How far apart two kinds of attempt are in time, and how far they may be: 5 ms or 5 %. They come in pairs, each kind first in half of
 * them, and the median is that of the differences, so that whatever else the machine does falls on both.
 */
export const medianDifference = async (
  count: number,
  attempts: { readonly known: (n: number) => Promise<unknown>; readonly unknown: (n: number) => Promise<unknown> },
) => {
  const took = async (attempt: () => Promise<unknown>): Promise<number> => {
    const began = performance.now()
    await attempt()
    return performance.now() - began
  }
  const pairs: { known: number; unknown: number }[] = []
  for (let n = 0; n < count; n++) {
    const first = n % 2 === 0 ? await took(() => attempts.known(n)) : 0
    const unknown = await took(() => attempts.unknown(n))
    const known = n % 2 === 0 ? first : await took(() => attempts.known(n))
    pairs.push({ known, unknown })
  }
  const known = median(pairs.map((pair) => pair.known))
  const difference = Math.abs(median(pairs.map((pair) => pair.known - pair.unknown)))
  return { difference, bar: Math.max(5, 0.05 * known), text: `${difference} ms apart, known ${known} ms` }
}
