const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/**
 * One text for equal inputs: keys sorted, absent and null the same. Whoever stores it hashes it first, because it contains
 * an address and a payment token.
 */
export const fingerprint = (input: unknown): string => {
  if (Array.isArray(input)) return `[${input.map(fingerprint).join(',')}]`
  if (!isRecord(input)) return JSON.stringify(input ?? null)
  const entries = Object.entries(input)
    .filter(([, value]) => value !== undefined && value !== null)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${fingerprint(value)}`).join(',')}}`
}
