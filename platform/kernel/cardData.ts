import type { Problem } from './errors.ts'

/** 13 to 19 digits (ISO/IEC 7812), as people write them: in groups, with spaces, dots or dashes. */
const cardNumber = /(?<![\dA-Za-z])\d(?:[ .-]?\d){12,18}(?![\dA-Za-z])/g

/** A security code says what it is. */
const securityCode = /\b(?:cvv2?|cvc2?|cid|security code)\b\W{0,3}\d{3,4}\b/gi

/** One in some ten thousand of them reads like a card number, and clients make their keys of them. */
const uuid = /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi

/** Luhn's check, which every card number passes and one in ten other numbers. */
const passesLuhn = (digits: string): boolean => {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

const isCardNumber = (text: string): boolean => passesLuhn(text.replaceAll(/\D/g, ''))

const mask = '[card data]'

const maskIn = (text: string): string =>
  text.replaceAll(cardNumber, (found) => (isCardNumber(found) ? mask : found)).replaceAll(securityCode, mask)

/** The text without card numbers and security codes; what stands in a UUID is neither. */
export const maskCardData = (text: string): string => {
  const ids = text.match(uuid) ?? []
  return text
    .split(uuid)
    .map((part, index) => maskIn(part) + (ids[index] ?? ''))
    .join('')
}

/**
 * Card data has no business here (PCI DSS, SAQ A): only tokens of the provider. One problem for each field that holds some, which
 * does not repeat it.
 */
export const cardDataProblems = (fields: readonly (readonly [text: string, field: readonly string[]])[]): Problem[] =>
  fields
    .filter(([text]) => maskCardData(text) !== text)
    .map(([, field]) => ({
      code: 'BAD_USER_INPUT',
      message: 'This looks like card data: give the token of the payment provider instead.',
      field,
    }))
