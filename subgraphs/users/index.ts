import { defineSubgraph } from '#platform/subgraph.ts'
import { makeAccessTokens } from './accessTokens.ts'
import { makeConsumers } from './consumers.ts'
import { makeLoaders } from './loaders.ts'
import { makeMailTokens } from './mailTokens.ts'
import { makeAccountModel } from './model/accounts.ts'
import { makeAttemptModel } from './model/attempts.ts'
import { makeAuditModel } from './model/audit.ts'
import { makeReplayModel } from './model/replays.ts'
import { makeResetRequestModel } from './model/resetRequests.ts'
import { makeSellers } from './model/sellers.ts'
import { makeSessionModel } from './model/sessions.ts'
import { makeSignUpModel } from './model/signUps.ts'
import { makePasswords } from './passwords.ts'
import { makeRefreshTokens } from './refreshTokens.ts'
import { makeResolvers } from './resolvers.ts'
import { makeAccounts } from './service/accounts.ts'
import { makeAdministration } from './service/administration.ts'
import { makeAuditing } from './service/auditing.ts'
import { makeCredentials } from './service/credentials.ts'
import { makeGuesses } from './service/guesses.ts'
import { makeMailboxes } from './service/mailboxes.ts'
import { makeOperations } from './service/operations.ts'
import { makeProfiles } from './service/profiles.ts'
import { makeReading } from './service/reading.ts'
import { makeRecording } from './service/recording.ts'
import { makeSessions } from './service/sessions.ts'
import { makeSigning } from './service/signing.ts'
import { makeSigningUp } from './service/signingUp.ts'
import { makeThrottling } from './service/throttling.ts'

/** Accounts, guests and their sessions. */
export const users = defineSubgraph({
  name: 'users',
  folder: import.meta.dirname,
  build: ({ database, clock, ids, bus, random, cache, limiter, signingKeys, config, board }) => {
    const accounts = makeAccountModel(database, { clock, ids, bus })
    const sellers = makeSellers({ accounts, bus, cache, clock })
    const sessionModel = makeSessionModel(database, { clock, ids, bus })
    const audit = makeAuditModel(database)
    const auditing = makeAuditing({ audit, clock, ids })
    const signUps = makeSignUpModel(database, { clock, ids, bus })
    const resetRequests = makeResetRequestModel(database, { clock, ids, bus })
    const mailTokens = makeMailTokens({ secret: config.refreshTokenSecret, random })
    const throttling = makeThrottling({ limiter, cache, attemptsPerAddress: config.attemptsPerAddress })
    const attempts = makeAttemptModel(database)
    const guesses = makeGuesses(attempts)
    const passwords = makePasswords()
    const accessTokens = makeAccessTokens({
      signingKeys,
      issuer: config.tokenIssuer,
      // The shop issues tokens for its own API only, which the gateway checks.
      audience: config.tokenIssuer,
      lifeSeconds: config.accessTokenSeconds,
      clock,
      random,
    })
    const refreshTokens = makeRefreshTokens({ secret: config.refreshTokenSecret, random })
    const accountService = makeAccounts({ accounts, passwords, mailTokens, clock, ids })
    const sessions = makeSessions({
      sessions: sessionModel,
      accounts,
      accessTokens,
      refreshTokens,
      cache,
      throttling,
      clock,
      ids,
    })
    const signing = makeSigning({ accounts, accountService, sessions, passwords, throttling, guesses, auditing, ids })
    const credentials = makeCredentials({ accounts, passwords, sessions, throttling })
    const mailboxes = makeMailboxes({
      accounts,
      resetRequests,
      sessionModel,
      signUps,
      passwords,
      mailTokens,
      sessions,
      throttling,
      guesses,
      clock,
      ids,
    })
    const signingUp = makeSigningUp({
      accounts,
      accountService,
      signUps,
      signing,
      sessions,
      mailboxes,
      passwords,
      mailTokens,
      throttling,
      clock,
      ids,
      confirmFirst: config.confirmEmailFirst,
    })
    const profiles = makeProfiles({
      accounts,
      sessionModel,
      sessions,
      credentials,
      auditing,
      passwords,
      clock,
      ids,
    })
    const administration = makeAdministration({ accounts, sessions, clock })
    const replays = makeReplayModel(database, { clock, ids, bus })
    const operations = makeOperations({ board, replays, clock, ids })
    const reading = makeReading({ auditing })
    return {
      resolvers: makeResolvers({
        accounts: accountService,
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
      }),
      loaders: () => makeLoaders(sellers),
      models: [
        accounts.model,
        sessionModel.model,
        audit.model,
        audit.heads,
        resetRequests.model,
        replays.model,
        signUps.model,
        attempts.model,
      ],
      outboxes: [accounts.store.outbox, sessionModel.outbox, resetRequests.outbox, signUps.outbox, replays.outbox],
      consumers: makeConsumers(auditing, mailboxes, signingUp),
      records: makeRecording(audit),
      stop: passwords.stop,
    }
  },
})
