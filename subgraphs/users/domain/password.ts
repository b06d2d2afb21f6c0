import type { Problem } from '#kernel/errors.ts'
import { localPart } from './email.ts'
import { wellKnownPasswords } from './wellKnownPasswords.ts'

/** Bounds in characters (code points). ASVS 6.2.1 asks for at least 8 and advises 15; 128 bounds the work of hashing. */
const minLength = 12
const maxLength = 128

/** Characters that must be left when the words an attacker knows about the account are taken out. */
const minRest = 8

/** Shorter words say little about the account: "Al" is part of half the dictionary. */
const minContextWord = 4

const shopWords = ['emporion']

/** Rows that fingers and counting follow, forwards and backwards. */
const walks = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop[]asdfghjkl;zxcvbnm,./',
  '!@#$%^&*()_+',
].flatMap((row) => [row, [...row].toReversed().join('')])

/** Whose password it is to be: its words make no good password for this account. */
export interface PasswordContext {
  readonly email: string
  readonly name: string
}

/** The form that is checked and hashed, so that the same keys on another device give the same password (NIST SP 800-63B 3.1.1.2). */
export const normalisePassword = (text: string): string => text.normalize('NFKC')

/** Whether it is worth hashing: a longer text cannot be anybody's password. */
export const isPossiblePassword = (password: string): boolean =>
  password.length <= 2 * maxLength && [...password].length <= maxLength

/** At most four characters over and over: `abababababab`. */
const isRepetition = (text: string): boolean =>
  [1, 2, 3, 4].some(
    (size) =>
      text
        .slice(0, size)
        .repeat(Math.ceil(text.length / size))
        .slice(0, text.length) === text,
  )

const isWalk = (text: string): boolean => walks.some((row) => row.includes(text))

const isWellKnown = (text: string): boolean => wellKnownPasswords.has(text) || isRepetition(text) || isWalk(text)

const contextWords = ({ email, name }: PasswordContext): string[] => {
  const local = localPart(email)
  const wholes = [email, local, name.toLowerCase(), name.toLowerCase().replaceAll(' ', '')]
  const parts = [...local.split(/[^\p{L}\p{N}]+/u), ...name.toLowerCase().split(/[^\p{L}\p{N}]+/u)]
  return [...wholes, ...parts, ...shopWords]
    .filter((word) => word.length >= minContextWord)
    .toSorted((a, b) => b.length - a.length)
}

/** Hardly anything but the shop's name, the address and the person's name. */
const isContext = (text: string, context: PasswordContext): boolean => {
  const rest = contextWords(context).reduce((left, word) => left.replaceAll(word, ''), text)
  return rest !== text && [...rest].length < minRest
}

const weakness = (password: string, context: PasswordContext): string | null => {
  const length = [...password].length
  const lower = password.toLowerCase()
  if (length < minLength || length > maxLength)
    return `The password must have ${minLength} to ${maxLength} characters; any characters will do.`
  if (isWellKnown(lower)) return 'This password is among those that attackers try first; choose another.'
  if (isContext(lower, context))
    return 'The password is little more than the name of the shop, the person or the address.'
  return null
}

/**
 * What is wrong with a normalised password for this account: PASSWORD_TOO_WEAK naming `field`, or nothing. Length
 * and guessability only: rules on kinds of characters make passwords worse (ASVS 6.2.5, NIST SP 800-63B). The text never repeats it.
 */
export const passwordProblems = (
  password: string,
  context: PasswordContext,
  field: readonly string[] = ['input', 'password'],
): Problem[] => {
  const message = weakness(password, context)
  return message === null ? [] : [{ code: 'PASSWORD_TOO_WEAK', message, field }]
}
