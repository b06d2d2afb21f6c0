import { type Problem, refuseIfAny } from '#kernel/errors.ts'
import { isCurrency } from '#kernel/money.ts'
import type { Account } from './account.ts'

/** What somebody likes. */
export interface Preferences {
  /** BCP 47, for example `de-AT`; null: whatever the browser says. */
  readonly locale: string | null
  /** ISO 4217; null: the currency of the shop. */
  readonly currency: string | null
  /** True only after the owner has said so: nothing else is consent (GDPR 4(11)). */
  readonly marketingConsent: boolean
}

/** What is stated changes; what is absent stays. */
export type StatedPreferences = {
  readonly [name in keyof Preferences]?: Preferences[name] | null
}

const none: Preferences = { locale: null, currency: null, marketingConsent: false }

export const preferencesOf = ({ preferences }: Pick<Account, 'preferences'>): Preferences => preferences ?? none

const canonicalLocale = (text: string): string | null => {
  try {
    return text.length <= 35 ? (Intl.getCanonicalLocales(text)[0] ?? null) : null
  } catch {
    return null
  }
}

const problem = (field: string, message: string): Problem => ({
  code: 'BAD_USER_INPUT',
  message,
  field: ['input', field],
})

/** @throws ShopError BAD_USER_INPUT naming each field at fault */
export const setPreferences = (account: Account, stated: StatedPreferences): Account => {
  const now = preferencesOf(account)
  const locale = stated.locale ? canonicalLocale(stated.locale) : stated.locale
  refuseIfAny([
    ...(stated.locale && !locale
      ? [problem('locale', 'A language tag of BCP 47 is needed, for example "de-AT".')]
      : []),
    ...(stated.currency && !isCurrency(stated.currency)
      ? [problem('currency', 'An ISO 4217 code in capital letters is needed, for example "EUR".')]
      : []),
  ])
  const preferences = {
    locale: locale === undefined ? now.locale : locale || null,
    currency: stated.currency === undefined ? now.currency : stated.currency || null,
    marketingConsent: stated.marketingConsent ?? now.marketingConsent,
  }
  return { ...account, preferences }
}
