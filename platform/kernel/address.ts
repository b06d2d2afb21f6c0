import type { Problem } from './errors.ts'

/** A postal address; texts of at most 200 characters, `countryCode` by ISO 3166-1 alpha-2. */
export interface Address {
  readonly name: string
  readonly line1: string
  readonly line2: string | null
  readonly city: string
  readonly region: string | null
  readonly postalCode: string | null
  readonly countryCode: string
  readonly phone: string | null
}

/** An address as a client states it: whatever may be absent is optional. */
export type StatedAddress = Pick<Address, 'name' | 'line1' | 'city' | 'countryCode'> & {
  readonly [part in 'line2' | 'region' | 'postalCode' | 'phone']?: string | null
}

export const maxText = 200

/** ISO 3166-1 alpha-2, officially assigned codes (249), as published by the ISO 3166 Maintenance Agency in 2025. */
const countries: ReadonlySet<string> = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR ' +
    'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP ' +
    'KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ ' +
    'NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW ' +
    'SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ ' +
    'UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
)

export const countryCount = countries.size

const required = ['name', 'line1', 'city'] as const
const optional = ['line2', 'region', 'postalCode', 'phone'] as const

/** Line breaks and other control characters have no place on a label, and forge headers where an address enters a message. */
const hasControls = (text: string): boolean => /\p{Cc}/u.test(text)

const textProblem = (text: string, isRequired: boolean): string | null => {
  if (text.length > maxText) return `At most ${maxText} characters.`
  if (hasControls(text)) return 'Control characters are not allowed.'
  return isRequired && text.trim() === '' ? 'It must not be empty.' : null
}

/** Everything that is wrong with an address, each naming its field below `field`. */
export const addressProblems = (stated: StatedAddress, field: readonly string[]): Problem[] => {
  const problems = [...required, ...optional].flatMap((part) => {
    const message = textProblem(
      stated[part] ?? '',
      required.some((name) => name === part),
    )
    return message === null ? [] : [{ code: 'BAD_USER_INPUT' as const, message, field: [...field, part] }]
  })
  if (countries.has(stated.countryCode)) return problems
  const message = 'An ISO 3166-1 alpha-2 country code in capital letters is needed.'
  return [...problems, { code: 'BAD_USER_INPUT', message, field: [...field, 'countryCode'] }]
}

const textOrNull = (text: string | null | undefined): string | null => {
  const trimmed = (text ?? '').trim()
  return trimmed === '' ? null : trimmed
}

/** A checked address in its stored form: trimmed, empty optional parts null. */
export const toAddress = (stated: StatedAddress): Address => ({
  name: stated.name.trim(),
  line1: stated.line1.trim(),
  line2: textOrNull(stated.line2),
  city: stated.city.trim(),
  region: textOrNull(stated.region),
  postalCode: textOrNull(stated.postalCode),
  countryCode: stated.countryCode,
  phone: textOrNull(stated.phone),
})

export const isSameAddress = (a: Address | null, b: Address | null): boolean =>
  a === b ||
  (a !== null && b !== null && [...required, ...optional, 'countryCode' as const].every((part) => a[part] === b[part]))
