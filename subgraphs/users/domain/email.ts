import type { Problem } from '#kernel/errors.ts'

/** Longest address that SMTP can carry (RFC 5321 4.5.3.1.3: a path of 256 octets, less its two brackets). */
const maxLength = 254

/** Longest part before the `@` (RFC 5321 4.5.3.1.1). */
const maxLocalLength = 64

// Deliberately loose: whether an address exists is found out by sending a mail, not by a pattern.
const localShape = /^[^\s@"(),:;<>[\\\]\p{Cc}]+$/u
const labelShape = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u

/** The part before the `@`. */
export const localPart = (email: string): string => email.slice(0, Math.max(0, email.lastIndexOf('@')))

const isDomain = (domain: string): boolean => {
  const labels = domain.split('.')
  return labels.length >= 2 && labels.every((label) => labelShape.test(label))
}

const isEmail = (email: string): boolean => {
  if (new TextEncoder().encode(email).length > maxLength) return false
  const local = localPart(email)
  return local.length <= maxLocalLength && localShape.test(local) && isDomain(email.slice(local.length + 1))
}

/** What is wrong with a normalised address: BAD_USER_INPUT naming `field`, or nothing. */
export const emailProblems = (email: string, field: readonly string[]): Problem[] =>
  isEmail(email)
    ? []
    : [
        {
          code: 'BAD_USER_INPUT',
          message: `"email" must be an e-mail address of at most ${maxLength} characters.`,
          field,
        },
      ]
