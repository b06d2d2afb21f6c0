import { normaliseEmail } from '#kernel/email.ts'
import { type Problem, refuseIfAny, ShopError } from '#kernel/errors.ts'
import { type Ids, parseId } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import { actDone } from '#platform/audit.ts'
import type { Asker } from '#platform/context.ts'
import { duplicateKeyFields, isDuplicateKey } from '#platform/mongo.ts'
import { type Account, type AccountProfile, nameProblems, normaliseName, openAccount } from '../domain/account.ts'
import { emailProblems } from '../domain/email.ts'
import { addToken } from '../domain/mailToken.ts'
import { normalisePassword, passwordProblems } from '../domain/password.ts'
import type { SignUp } from '../domain/signUp.ts'
import type { AccountCreated, EmailVerified } from '../events.ts'
import type { MailTokens } from '../mailTokens.ts'
import type { AccountModel } from '../model/accounts.ts'
import type { Passwords } from '../passwords.ts'
import { invalidToken, mailRequested } from './mails.ts'

export interface AccountDeps {
  readonly accounts: AccountModel
  readonly passwords: Passwords
  readonly mailTokens: MailTokens
  readonly clock: Clock
  readonly ids: Ids
}

export interface Registration extends AccountProfile {
  readonly password: string
}

export interface EnsuredAccount extends Registration {
  /** A new one when absent. */
  readonly id?: string | null
}

const normalise = (given: Registration): Registration => ({
  email: normaliseEmail(given.email),
  name: normaliseName(given.name),
  password: normalisePassword(given.password),
  roles: given.roles,
  shopName: given.shopName === null ? null : normaliseName(given.shopName),
})

const problemsOf = ({ email, name, password, shopName }: Registration): Problem[] => [
  ...emailProblems(email, ['input', 'email']),
  ...passwordProblems(password, { email, name }),
  ...nameProblems(name, ['input', 'name']),
  ...(shopName === null ? [] : nameProblems(shopName, ['input', 'shopName'])),
]

const created = (accountId: string): AccountCreated => ({ type: 'AccountCreated', payload: { accountId } })

/** Turns the verdict of the unique index into the refusal it means; other errors pass. */
const takenBy = (error: unknown): unknown =>
  duplicateKeyFields(error).includes('email')
    ? new ShopError('EMAIL_TAKEN', 'An account with this e-mail address exists.', ['input', 'email'])
    : error

/** How accounts come to be. */
export const makeAccounts = ({ accounts, passwords, mailTokens, clock, ids }: AccountDeps) => {
  const open = async (id: string, { password, ...profile }: Registration): Promise<Account> =>
    openAccount({ _id: id, passwordHash: await passwords.hash(password), ...profile }, clock.now())

  /** The index decides, not a look beforehand: of simultaneous registrations one wins. The mail that proves the address goes out with it. */
  const insertUnproved = async (id: string, registration: Registration): Promise<Account> => {
    const token = mailTokens.make(id, 'VERIFY_EMAIL', mailTokens.newId())
    const account = addToken(await open(id, registration), token, clock.now())
    return accounts.store.insert(account, [created(id), mailRequested(id, 'VERIFY_EMAIL', token.id)])
  }

  /** Whoever runs the shop has chosen the address. */
  const insertProved = async (asker: Asker, id: string, registration: Registration): Promise<Account> =>
    accounts.store.insert({ ...(await open(id, registration)), emailVerifiedAt: clock.now() }, [
      created(id),
      actDone(asker, 'ACCOUNT_CREATED', id),
    ])

  const existing = async (id: string | null, email: string): Promise<string | null> =>
    ((id && (await accounts.store.get(id))) || (await accounts.byEmail(email)))?._id ?? null

  const check = (given: Registration): Registration => {
    const registration = normalise(given)
    refuseIfAny(problemsOf(registration))
    return registration
  }

  return {
    /** @throws ShopError BAD_USER_INPUT, PASSWORD_TOO_WEAK, EMAIL_TAKEN, each naming its field. */
    register: async (given: Registration): Promise<Account> =>
      insertUnproved(ids.next('usr'), check(given)).catch((error) => {
        throw takenBy(error)
      }),

    /** What somebody wants to sign up with, normalised. @throws ShopError BAD_USER_INPUT, PASSWORD_TOO_WEAK */
    check,

    /** The account of a sign-up whose mail was answered. @throws ShopError TOKEN_INVALID when the address has an account by now. */
    openProved: async ({ _id, email, name, passwordHash }: SignUp): Promise<Account> => {
      const now = clock.now()
      const account = openAccount({ _id, passwordHash, email, name, roles: ['BUYER'], shopName: null }, now)
      const verified: EmailVerified = { type: 'EmailVerified', payload: { accountId: _id } }
      return accounts.store.insert({ ...account, emailVerifiedAt: now }, [created(_id), verified]).catch((error) => {
        throw isDuplicateKey(error) ? invalidToken() : error
      })
    },

    /** The id of the account with this id or address, made when there is none; an existing one stays as it is. */
    ensureAccount: async (asker: Asker, { id, ...given }: EnsuredAccount): Promise<string> => {
      const registration = check(given)
      const wanted = id ? parseId('usr', id, ['input', 'id']) : null
      const found = await existing(wanted, registration.email)
      if (found) return found
      try {
        return (await insertProved(asker, wanted ?? ids.next('usr'), registration))._id
      } catch (error) {
        const winner = isDuplicateKey(error) ? await existing(wanted, registration.email) : null
        if (winner) return winner
        throw error
      }
    },
  }
}

export type Accounts = ReturnType<typeof makeAccounts>
