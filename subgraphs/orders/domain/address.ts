import type { Problem } from '#kernel/errors.ts'
import type { Address } from './order.ts'

type Required = 'name' | 'line1' | 'city' | 'countryCode'

/** An address as clients send it. */
export type AddressInput = Pick<Address, Required> & Partial<Omit<Address, Required>>

const maxText = 200
const required = ['name', 'line1', 'city'] as const
const optional = ['line2', 'region', 'postalCode', 'phone'] as const

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

/** ISO 3166-1 alpha-2, capital letters; `ZZ` is CLDR's code for an unknown region. */
const isCountry = (code: string): boolean => /^[A-Z]{2}$/.test(code) && code !== 'ZZ' && regions.of(code) !== undefined

const textProblem = (text: string, isRequired: boolean): string | null => {
  if (text.length > maxText) return `At most ${maxText} characters.`
  return isRequired && text.trim() === '' ? 'This must not be empty.' : null
}

/** Every problem of an address; `field` is the path to it. */
export const checkAddress = (address: AddressInput, field: readonly string[]): Problem[] => {
  const problem = (part: string, message: string | null): Problem[] =>
    message === null ? [] : [{ code: 'BAD_USER_INPUT', message, field: [...field, part] }]
  return [
    ...required.flatMap((part) => problem(part, textProblem(address[part], true))),
    ...optional.flatMap((part) => problem(part, textProblem(address[part] ?? '', false))),
    ...problem(
      'countryCode',
      isCountry(address.countryCode) ? null : 'This is not an ISO 3166-1 alpha-2 country code in capital letters.',
    ),
  ]
}

export const toAddress = (address: AddressInput): Address => ({
  name: address.name.trim(),
  line1: address.line1.trim(),
  line2: address.line2 ?? null,
  city: address.city.trim(),
  region: address.region ?? null,
  postalCode: address.postalCode ?? null,
  countryCode: address.countryCode,
  phone: address.phone ?? null,
})
