import { requireRole, requireService, requireShopper } from '#platform/auth.ts'
import { anyone, type Complete, mutation, only, shopper, user } from '#platform/resolvers.ts'
import type { AccessTokens } from './accessTokens.ts'
import type { Resolvers, ResolversParentTypes } from './schema.generated.ts'
import type { Accounts } from './service/accounts.ts'
import type { Administration } from './service/administration.ts'
import type { Auditing } from './service/auditing.ts'
import type { Credentials } from './service/credentials.ts'
import type { Mailboxes } from './service/mailboxes.ts'
import type { Operations } from './service/operations.ts'
import type { Profiles } from './service/profiles.ts'
import type { Reading } from './service/reading.ts'
import type { Sessions } from './service/sessions.ts'
import type { Signing } from './service/signing.ts'
import type { SigningUp } from './service/signingUp.ts'

export interface Services {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly signing: Signing
  readonly signingUp: SigningUp
  readonly credentials: Credentials
  readonly mailboxes: Mailboxes
  readonly profiles: Profiles
  readonly administration: Administration
  readonly operations: Operations
  readonly auditing: Auditing
  readonly reading: Reading
  readonly accessTokens: Pick<AccessTokens, 'jwks'>
}

/** Every account buys, so this is whoever has one. */
const owner = user('BUYER')

const administrator = user('ADMIN')

const noAccount = { account: null }
const noAddresses = { addresses: null }
const notSignedIn = { session: null, viewer: null }

export const makeResolvers = ({
  accounts,
  sessions,
  signing,
  signingUp,
  credentials,
  mailboxes,
  profiles,
  administration,
  operations,
  auditing,
  reading,
  accessTokens,
}: Services): Complete<Resolvers, ResolversParentTypes> => ({
  Query: {
    viewer: (_, _args, { viewer }) => sessions.viewer(viewer),
    jwks: () => accessTokens.jwks(),
    sessions: (_, _args, { viewer }) => sessions.list(requireShopper(viewer)),
    auditLog: (_, args, { viewer }) => {
      requireRole(viewer, 'ADMIN')
      return reading.auditLog(args)
    },
    account: (_, args, { viewer }) => {
      requireRole(viewer, 'ADMIN')
      return administration.account(args)
    },
    outbox: (_, _args, { viewer }) => {
      requireRole(viewer, 'ADMIN')
      return operations.outbox()
    },
    jobs: (_, _args, { viewer }) => {
      requireRole(viewer, 'ADMIN')
      return operations.jobs()
    },
    auditVerification: (_, { expected }, { viewer }) => {
      requireService(viewer, 'audit')
      return auditing.verify(expected ?? null)
    },
    mailing: (_, { accountId, tokenId }, { viewer }) => {
      requireService(viewer, 'workers')
      return mailboxes.mailing(accountId, tokenId ?? null)
    },
    provedBuyer: (_, { accountId }, { viewer }) => {
      requireService(viewer, 'orders')
      return mailboxes.provedBuyer(accountId)
    },
    sessionStates: (_, { ids }, { viewer }) => {
      requireService(viewer, 'gateway')
      return sessions.states(ids)
    },
    sessionNews: (_, { since, check }, { viewer }) => {
      requireService(viewer, 'gateway')
      return sessions.news(since ?? null, check)
    },
  },
  Mutation: {
    continueAsGuest: mutation(anyone, notSignedIn, (_args, _viewer, context) => signing.continueAsGuest(context)),
    signUp: mutation(anyone, { ...notSignedIn, confirmationSent: false }, ({ input }, _viewer, context) =>
      signingUp.signUp(context, input),
    ),
    signIn: mutation(anyone, notSignedIn, ({ input }, _viewer, context) => signing.signIn(context, input)),
    refreshSession: mutation(anyone, notSignedIn, ({ input }, _viewer, context) =>
      sessions.refreshSession(context, input.refreshToken),
    ),
    signOut: mutation(shopper, { endedSessions: 0 }, async ({ input }, viewer, context) => ({
      endedSessions: await sessions.signOut(context, viewer, input.everywhere),
    })),
    revokeSession: mutation(shopper, { sessions: null }, async ({ input }, viewer, context) => {
      await sessions.revokeSession(context, viewer, input.id)
      return { sessions: await sessions.list(viewer) }
    }),
    changePassword: mutation(owner, { viewer: null }, async ({ input }, viewer, context) => {
      await credentials.changePassword(context, viewer, input)
      return { viewer: await sessions.viewer(viewer) }
    }),
    updateProfile: mutation(owner, { viewer: null }, async ({ input }, viewer) => {
      await profiles.updateProfile(viewer, input.name)
      return { viewer: await sessions.viewer(viewer) }
    }),
    addAddress: mutation(owner, noAddresses, async ({ input }, viewer) => ({
      addresses: [...(await profiles.addAddress(viewer, input))],
    })),
    updateAddress: mutation(owner, noAddresses, async ({ input }, viewer) => ({
      addresses: [...(await profiles.updateAddress(viewer, input))],
    })),
    removeAddress: mutation(owner, noAddresses, async ({ input }, viewer) => ({
      addresses: [...(await profiles.removeAddress(viewer, input.id))],
    })),
    setPreferences: mutation(owner, { viewer: null }, async ({ input }, viewer) => {
      await profiles.setPreferences(viewer, input)
      return { viewer: await sessions.viewer(viewer) }
    }),
    becomeSeller: mutation(owner, { viewer: null }, async ({ input }, viewer, context) => {
      await profiles.becomeSeller(context, viewer, input.shopName)
      return { viewer: await sessions.viewer(viewer) }
    }),
    closeAccount: mutation(owner, { closed: false }, async ({ input }, viewer, context) => {
      await profiles.closeAccount(context, viewer, input.password)
      return { closed: true }
    }),
    exportMyData: mutation(owner, { json: null, data: null }, async ({ input }, viewer, context) => ({
      json: await profiles.exportData(context, viewer, input.password),
      data: { id: viewer.id },
    })),
    banAccount: mutation(administrator, noAccount, async ({ input }, viewer, context) => ({
      account: await administration.ban(context, viewer, input.id),
    })),
    unbanAccount: mutation(administrator, noAccount, async ({ input }, _viewer, context) => ({
      account: await administration.unban(context, input.id),
    })),
    grantRole: mutation(administrator, noAccount, async ({ input }, _viewer, context) => ({
      account: await administration.grantRole(context, input.id, input.role),
    })),
    revokeRole: mutation(administrator, noAccount, async ({ input }, viewer, context) => ({
      account: await administration.revokeRole(context, viewer, input.id, input.role),
    })),
    replayEvents: mutation(administrator, { requested: false }, async ({ input }, _viewer, context) => {
      await operations.replay(context, input.queue, input.eventId ?? null)
      return { requested: true }
    }),
    makeAdmin: mutation(only('admin'), { accountId: null }, async ({ input }, _viewer, context) => ({
      accountId: await administration.makeAdmin(context, input.email),
    })),
    requestPasswordReset: mutation(anyone, { accepted: false }, async ({ input }, _viewer, context) => {
      await mailboxes.requestPasswordReset(context, input.email)
      return { accepted: true }
    }),
    resetPassword: mutation(anyone, { done: false }, async ({ input }, _viewer, context) => {
      await mailboxes.resetPassword(context, input)
      return { done: true }
    }),
    requestEmailVerification: mutation(owner, { accepted: false }, async (_args, viewer, context) => {
      await mailboxes.requestEmailVerification(context, viewer)
      return { accepted: true }
    }),
    verifyEmail: mutation(anyone, { verified: false, ...notSignedIn }, ({ input }, _viewer, context) =>
      signingUp.verifyEmail(context, input.token),
    ),
    ensureAccount: mutation(only('seed'), { accountId: null }, async ({ input }, _viewer, context) => ({
      accountId: await accounts.ensureAccount(context, { ...input, shopName: input.shopName ?? null }),
    })),
  },
  Account: { id: ({ _id }) => _id, isEmailVerified: ({ emailVerifiedAt }) => emailVerifiedAt !== undefined },
  OutboxState: { queues: ({ queues }) => [...queues], deadLetters: ({ deadLetters }) => [...deadLetters] },
  BackgroundJob: {
    isHeld: ({ holder }) => holder !== null,
    lastRunAt: ({ lastRun }) => lastRun?.at ?? null,
    tookMs: ({ lastRun }) => lastRun?.tookMs ?? null,
    failure: ({ lastRun }) => lastRun?.reason ?? null,
  },
  AuditEntry: { id: ({ _id }) => _id },
  AuditEntryConnection: { totalCount: ({ count }) => count() },
  Seller: {
    __resolveReference: ({ id }, { loaders }) => loaders.seller.load(id),
  },
})
