import { defineSubgraph } from '#platform/subgraph.ts'
import { makeAccessTokens } from './accessTokens.ts'
import { makeLoaders } from './loaders.ts'
import { makeAccountModel } from './model/accounts.ts'
import { makeSessionModel } from './model/sessions.ts'
import { makePasswords } from './passwords.ts'
import { makeRefreshTokens } from './refreshTokens.ts'
import { makeResolvers } from './resolvers.ts'
import { makeAccounts } from './service/accounts.ts'
import { makeSessions } from './service/sessions.ts'
import { makeSigning } from './service/signing.ts'

/** Accounts, guests and their sessions. */
export const users = defineSubgraph({
  name: 'users',
  folder: import.meta.dirname,
  build: ({ database, clock, ids, bus, random, limiter, signingKey, config }) => {
    const accounts = makeAccountModel(database, { clock, ids, bus })
    const sessionModel = makeSessionModel(database, { clock, ids, bus })
    const passwords = makePasswords()
    const accessTokens = makeAccessTokens({
      signingKey,
      issuer: config.tokenIssuer,
      // The shop issues tokens for its own API only, which the gateway checks.
      audience: config.tokenIssuer,
      lifeSeconds: config.accessTokenSeconds,
      clock,
      random,
    })
    const refreshTokens = makeRefreshTokens({ secret: config.refreshTokenSecret, random })
    const accountService = makeAccounts({ accounts, passwords, clock, ids })
    const sessions = makeSessions({ sessions: sessionModel, accounts, accessTokens, refreshTokens, clock, ids })
    const signing = makeSigning({ accounts, accountService, sessions, passwords, limiter, ids })
    return {
      resolvers: makeResolvers({ accounts: accountService, sessions, signing, accessTokens }),
      loaders: () => makeLoaders(accounts),
      models: [accounts.model, sessionModel.model],
      outboxes: [accounts.store.outbox, sessionModel.outbox],
    }
  },
})
