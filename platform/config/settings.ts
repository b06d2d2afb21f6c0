import { systemClock } from '#kernel/time.ts'
import { type CertificateFiles, readCertificate } from '../certificate.ts'
import type { Env } from './reader.ts'

/** Apollo's Sandbox, which may call the gateway in development whatever else is given. */
const sandboxOrigin = 'https://studio.apollographql.com'
const developmentOrigins = 'http://localhost:3000,http://localhost:5173'

/** Null without one. */
export const readMongoUrl = (env: Env, problems: string[]): string | null => {
  const raw = env.MONGODB_URL?.trim()
  if (!raw) return null
  if (!/^mongodb(\+srv)?:\/\/.+/.test(raw)) problems.push('MONGODB_URL must start with mongodb:// or mongodb+srv://.')
  return raw
}

/** The sender of mails. */
export const readMailFrom = (env: Env, problems: string[]): string => {
  const raw = env.MAIL_FROM?.trim() || 'shop@emporion.example'
  if (!/^[\w.+-]+@[\w.-]+$/.test(raw)) problems.push('MAIL_FROM must be an e-mail address such as shop@example.org.')
  return raw
}

/** Null without one. The URL may hold a password, so the sentence about a bad one does not show it. */
export const readSmtpUrl = (env: Env, problems: string[]): string | null => {
  const raw = env.SMTP_URL?.trim()
  if (!raw) return null
  const { protocol, hostname, pathname } = URL.parse(raw) ?? {}
  if ((protocol !== 'smtp:' && protocol !== 'smtps:') || !hostname || !['', '/'].includes(pathname ?? ''))
    problems.push('SMTP_URL must be smtp://[user:password@]host[:port], or smtps:// for TLS from the first byte.')
  return raw
}

/** Exact origins: a browser sends scheme, host and port, and nothing else is ever equal to that. */
export const readCorsOrigins = (env: Env, problems: string[], production: boolean): string[] => {
  const raw = env.CORS_ORIGINS?.trim() || (production ? '' : developmentOrigins)
  const origins = raw
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '')
  for (const origin of origins) {
    if (!/^https?:\/\/[^*]+$/.test(origin) || URL.parse(origin)?.origin !== origin)
      problems.push(`CORS_ORIGINS must list exact origins such as https://shop.example, not "${origin}".`)
  }
  return [...new Set(production ? origins : [...origins, sandboxOrigin])]
}

/** Null without both. The files are read once to tell now what would otherwise be told when nobody looks. */
export const readTls = (env: Env, problems: string[], units: readonly string[]): CertificateFiles | null => {
  const [certFile, keyFile] = [env.TLS_CERT_FILE?.trim() ?? '', env.TLS_KEY_FILE?.trim() ?? '']
  if (certFile === '' && keyFile === '') return null
  if (certFile === '' || keyFile === '') {
    problems.push('TLS_CERT_FILE and TLS_KEY_FILE belong together: one of them is missing.')
    return null
  }
  const files = { certFile, keyFile }
  try {
    if (units.includes('gateway')) readCertificate(files, systemClock.now())
  } catch (error) {
    problems.push(`TLS_CERT_FILE, TLS_KEY_FILE: ${(error as Error).message}.`)
  }
  return files
}
