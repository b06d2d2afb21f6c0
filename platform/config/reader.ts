import { readFileSync } from 'node:fs'

/** Everybody can read this file: fine for trying the shop, refused when NODE_ENV is "production". */
const developmentSecret = 'development-only-secret-that-everybody-knows'

export type Env = Readonly<Record<string, string | undefined>>

/** Reads settings of the usual kinds. What is wrong with one goes to `problems`, and its fallback is used. */
export const makeReader = (env: Env, problems: string[]) => {
  const text = (name: string, fallback: string): string => env[name]?.trim() || fallback
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const raw = env[name]?.trim()
    if (!raw) return fallback
    const value = Number(raw)
    if (Number.isInteger(value) && value >= min && value <= max) return value
    problems.push(`${name} must be a whole number from ${min} to ${max}, not "${raw}".`)
    return fallback
  }
  const oneOf = <T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const raw = text(name, fallback)
    const found = allowed.find((value) => value === raw)
    if (!found) problems.push(`${name} must be one of ${allowed.join(', ')}, not "${raw}".`)
    return found ?? fallback
  }
  const checkUrl = (name: string, raw: string, protocols: readonly string[]): void => {
    const protocol = URL.parse(raw)?.protocol
    if (!protocol || !protocols.includes(protocol)) {
      problems.push(`${name} must be a URL starting with ${protocols.map((p) => `${p}//`).join(' or ')}, not "${raw}".`)
    }
  }
  const url = (name: string, fallback: string, protocols: readonly string[]): string => {
    const raw = text(name, fallback)
    checkUrl(name, raw, protocols)
    return raw
  }
  /** One or several with commas between them. */
  const urls = (name: string, fallback: string, protocols: readonly string[]): [string, ...string[]] => {
    const [first = fallback, ...more] = text(name, fallback)
      .split(',')
      .map((raw) => raw.trim())
      .filter((raw) => raw !== '')
    const all: [string, ...string[]] = [first, ...more]
    for (const raw of all) checkUrl(name, raw, protocols)
    return all
  }
  /** The setting itself, or what stands in the file that `<NAME>_FILE` names, where containers find secrets. */
  const secretText = (name: string): string | undefined => {
    const file = env[`${name}_FILE`]?.trim()
    if (!file) return env[name]?.trim()
    try {
      return readFileSync(file, 'utf8').trim()
    } catch {
      problems.push(`${name}_FILE: ${file} cannot be read.`)
      return undefined
    }
  }
  const secret = (name: string, production: boolean): string => {
    const raw = secretText(name)
    if (!production) return raw || developmentSecret
    if (!raw) problems.push(`${name} is missing: in production every secret must be given (32 characters or more).`)
    else if (raw === developmentSecret || raw.length < 32) {
      problems.push(`${name} is the development secret or shorter than 32 characters: refused in production.`)
    }
    return raw ?? ''
  }
  return { text, integer, oneOf, url, urls, secret, secretText }
}

export type Reader = ReturnType<typeof makeReader>
