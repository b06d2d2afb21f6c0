import { hours, type Millis, minutes } from '#kernel/time.ts'
import type { Account } from './account.ts'

/** What the holder of a mailbox may do with a token from a mail. */
export type TokenPurpose = 'VERIFY_EMAIL' | 'RESET_PASSWORD'

/** A token that went out in a mail: works once, until it expires. Only its hash is kept. */
export interface MailToken {
  readonly id: string
  readonly purpose: TokenPurpose
  readonly hash: string
  readonly expiresAt: Millis
}

/** Parameters table: reset and verify tokens (ASVS 6.5.5). */
const lives: Readonly<Record<TokenPurpose, Millis>> = { RESET_PASSWORD: minutes(10), VERIFY_EMAIL: hours(24) }

/** Who asked twice may use either mail; more than that only helps whoever floods a mailbox. */
const maxPerPurpose = 3

const tokensOf = ({ tokens }: Pick<Account, 'tokens'>): readonly MailToken[] => tokens ?? []

const isLive = (token: MailToken, now: Millis): boolean => now < token.expiresAt

/** The account with one more token; expired ones go, and so does the oldest beyond the bound. The same id again changes nothing. */
export const addToken = (account: Account, made: Omit<MailToken, 'expiresAt'>, now: Millis): Account => {
  if (tokensOf(account).some(({ id }) => id === made.id)) return account
  const live = tokensOf(account).filter((token) => isLive(token, now))
  const same = live.filter(({ purpose }) => purpose === made.purpose).slice(1 - maxPerPurpose)
  const others = live.filter(({ purpose }) => purpose !== made.purpose)
  return { ...account, tokens: [...others, ...same, { ...made, expiresAt: now + lives[made.purpose] }] }
}

/** The live token with this id, for the mail that carries it. */
export const liveToken = (account: Pick<Account, 'tokens'>, id: string, now: Millis): MailToken | null =>
  tokensOf(account).find((token) => token.id === id && isLive(token, now)) ?? null

/** Whether a token that somebody showed works now. */
export const works = (account: Account, shown: Omit<MailToken, 'expiresAt'>, now: Millis): boolean => {
  const token = liveToken(account, shown.id, now)
  return token?.purpose === shown.purpose && token.hash === shown.hash
}

/** The account after a token was used: it and all others of its purpose are gone. */
export const useTokens = (account: Account, used: TokenPurpose): Account => ({
  ...account,
  tokens: tokensOf(account).filter(({ purpose }) => purpose !== used),
})
