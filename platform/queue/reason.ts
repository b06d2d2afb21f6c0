import { maskCardData } from '#kernel/cardData.ts'

/** Enough to know what to do; the stack is in the log. */
const maxReason = 300

/** What a text of somebody else may carry along: credentials of URLs, addresses of people, tokens and hashes (ids are shorter). */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\/\/[^/\s@]{1,400}@/g, '//***@'],
  [/[\w.+-]{1,64}@[\w.-]{1,255}/g, '***@***'],
  [/[\w-]{36,}/g, '***'],
]

/** Why work was given up, for whoever looks after it: one short line, without secrets and without people (threats: privacy, R13). */
export const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message || error.name : String(error)
  const head = text.slice(0, 10 * maxReason).replaceAll(/\p{Cc}+/gu, ' ')
  const masked = secrets.reduce((left, [pattern, instead]) => left.replaceAll(pattern, instead), head)
  return maskCardData(masked).trim().slice(0, maxReason)
}
