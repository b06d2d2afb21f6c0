import type { Env } from './reader.ts'

interface Login {
  readonly username?: string
  readonly password?: string
}

/** Where Redis is: one server, a Cluster found through some of its nodes, or the master that Sentinels name. */
export interface RedisAddress extends Login {
  readonly kind: 'server' | 'cluster' | 'sentinel'
  readonly tls: boolean
  /** The server, nodes of the Cluster, or the Sentinels. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[]
  /** What the Sentinels themselves ask for; many ask for nothing while the servers do. */
  readonly sentinelLogin?: Login
  /** Always 0 in a Cluster. */
  readonly db: number
  /** What the Sentinels call the master; empty without Sentinels. */
  readonly master: string
}

const shape =
  /^redis(?<tls>s?)(?<sentinel>\+sentinel)?:\/\/(?:(?<login>[^@/]*)@)?(?<nodes>[^/@?#]+)(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?$/

const readNode = (text: string, fallbackPort: number) => {
  const found = /^(?<host>\[[\da-fA-F:.]+\]|[\w.-]+)(?::(?<port>\d{1,5}))?$/.exec(text.trim())?.groups
  const port = Number(found?.port ?? fallbackPort)
  return found?.host && port > 0 && port < 65_536 ? { host: found.host.replace(/^\[|\]$/g, ''), port } : null
}

const readLogin = (text: string): Login => {
  const [username = '', ...rest] = text.split(':')
  const password = rest.join(':')
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
  }
}

/** What stands behind the question mark; null when it is something else. A + is one, because passwords have it and no blanks. */
const readSentinelLogin = (query: string): Login | null => {
  const given = new URLSearchParams(query.replaceAll('+', '%2B'))
  const names = [...given.keys()]
  const isKnown = names.every((name) => name === 'sentinelUsername' || name === 'sentinelPassword')
  const [username, password] = [given.get('sentinelUsername'), given.get('sentinelPassword')]
  // A name without a password says nothing to a Sentinel.
  if (!isKnown || new Set(names).size < names.length || (names.length > 0 && !password)) return null
  return { ...(username && { username }), ...(password && { password }) }
}

const parse = (raw: string): RedisAddress | null => {
  const parts = shape.exec(raw)?.groups
  if (!parts) return null
  const isSentinel = parts.sentinel !== undefined
  const nodes = (parts.nodes ?? '').split(',').map((node) => readNode(node, isSentinel ? 26_379 : 6_379))
  const known = nodes.filter((node) => node !== null)
  const kind = isSentinel ? 'sentinel' : nodes.length > 1 ? 'cluster' : 'server'
  const path = (parts.path ?? '').split('/').filter((part) => part !== '')
  const master = isSentinel ? (path.shift() ?? '') : ''
  const [db = '0', ...more] = path
  const sentinelLogin = readSentinelLogin(parts.query ?? '')
  const isWrong = known.length < nodes.length || more.length > 0 || !/^\d{1,3}$/.test(db) || !sentinelLogin
  if (isWrong || (isSentinel && master === '') || (kind === 'cluster' && db !== '0')) return null
  if (!isSentinel && parts.query !== undefined) return null
  const where = { kind, tls: parts.tls === 's', nodes: known, db: Number(db), master } as const
  return { ...where, ...readLogin(parts.login ?? ''), ...(sentinelLogin.password && { sentinelLogin }) }
}

/** Null without one. The URL may hold a password, so the sentence about a bad one does not show it. */
export const readRedis = (env: Env, problems: string[]): RedisAddress | null => {
  const raw = env.REDIS_URL?.trim()
  if (!raw) return null
  try {
    const address = parse(raw)
    if (address) return address
  } catch {
    // A password with a % that is no escape: told like every other mistake.
  }
  problems.push(
    'REDIS_URL must be redis://[user:password@]host[:port][/db] (rediss:// with TLS), several hosts with commas between them for a Cluster, or redis+sentinel://[user:password@]host[:port],.../master[/db][?sentinelPassword=...][&sentinelUsername=...].',
  )
  return null
}
