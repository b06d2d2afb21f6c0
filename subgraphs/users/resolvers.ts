import { requireService } from '#platform/auth.ts'
import { anyone, type Complete, mutation, only, shopper } from '#platform/resolvers.ts'
import type { AccessTokens } from './accessTokens.ts'
import type { Resolvers, ResolversParentTypes } from './schema.generated.ts'
import type { Accounts } from './service/accounts.ts'
import type { Sessions } from './service/sessions.ts'
import type { Signing } from './service/signing.ts'

export interface Services {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly signing: Signing
  readonly accessTokens: Pick<AccessTokens, 'jwks'>
}

const notSignedIn = { session: null, viewer: null }

export const makeResolvers = ({
  accounts,
  sessions,
  signing,
  accessTokens,
}: Services): Complete<Resolvers, ResolversParentTypes> => ({
  Query: {
    viewer: (_, _args, { viewer }) => sessions.viewer(viewer),
    jwks: () => accessTokens.jwks(),
    session: (_, { id }, { viewer }) => {
      requireService(viewer, 'gateway')
      return sessions.sessionState(id)
    },
  },
  Mutation: {
    continueAsGuest: mutation(anyone, notSignedIn, () => signing.continueAsGuest()),
    signUp: mutation(anyone, notSignedIn, ({ input }, viewer) => signing.signUp(viewer, input)),
    signIn: mutation(anyone, notSignedIn, ({ input }, viewer) => signing.signIn(viewer, input)),
    refreshSession: mutation(anyone, notSignedIn, ({ input }) => sessions.refreshSession(input.refreshToken)),
    signOut: mutation(shopper, { endedSessions: 0 }, async ({ input }, viewer) => ({
      endedSessions: await sessions.signOut(viewer, input.everywhere),
    })),
    ensureAccount: mutation(only('seed'), { accountId: null }, async ({ input }) => ({
      accountId: await accounts.ensureAccount({ ...input, shopName: input.shopName ?? null }),
    })),
  },
  Seller: {
    __resolveReference: ({ id }, { loaders }) => loaders.seller.load(id),
  },
})
