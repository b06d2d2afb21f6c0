import { expect, it } from 'vitest'
import { openAccount } from './account.ts'
import { preferencesOf, setPreferences } from './preferences.ts'

const account = openAccount(
  { _id: 'usr_1', email: 'ada@example.org', name: 'Ada', roles: [], shopName: null, passwordHash: 'h' },
  0,
)

it('given nothing stated, then nobody has consented to anything', () => {
  expect(preferencesOf(account)).toEqual({ locale: null, currency: null, marketingConsent: false })
})

it('given preferences, when some are stated, then those change, null takes back, and the rest stays', () => {
  const first = setPreferences(account, { locale: 'de-at', currency: 'CHF', marketingConsent: true })
  expect(preferencesOf(first)).toEqual({ locale: 'de-AT', currency: 'CHF', marketingConsent: true })
  expect(preferencesOf(setPreferences(first, { currency: null }))).toEqual({
    locale: 'de-AT',
    currency: null,
    marketingConsent: true,
  })
  expect(preferencesOf(setPreferences(first, {}))).toEqual(preferencesOf(first))
})

it('given nonsense, then each field is named', () => {
  try {
    setPreferences(account, { locale: 'not a tag', currency: 'eur' })
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({ problems: [{ field: ['input', 'locale'] }, { field: ['input', 'currency'] }] })
  }
})
