import jwt from 'jsonwebtoken'
import { expect } from 'vitest'
import { anonymous, type Client, noClient, service, type Viewer } from '../platform/auth.ts'
import { makeManualClock } from '../platform/kernel/time.ts'
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
        await source.done(event)
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
    guest: () => run(anonymous, 'continueAsGuest', payload),
    signUp: (input: object = ada, viewer = anonymous, client = noClient) =>
      run(viewer, 'signUp', payload, input, client),
    signIn: (input: object = { email: ada.email, password }, viewer = anonymous, client = noClient) =>
      run(viewer, 'signIn', payload, input, client),
    refresh: (refreshToken: string) => run(anonymous, 'refreshSession', payload, { refreshToken }),
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
      return (await shop.ask(service('gateway'), 'query($id: ID!) { session(id: $id) { active roles } }', { id })).data
        ?.session
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

export const refused = (code: string, field: string[] | null) => ({
  session: null,
  viewer: null,
  userErrors: [{ code, field, message: expect.any(String) }],
})
export const invalidToken = refused('REFRESH_TOKEN_INVALID', ['input', 'refreshToken'])
