import type { IncomingMessage } from 'node:http'
import type { Client } from '#platform/auth.ts'

const maxUserAgent = 300

const textOf = (value: string | string[] | undefined): string =>
  Array.isArray(value) ? value.join(',') : (value ?? '')

/** `::ffff:203.0.113.7` is how a socket for both families shows an IPv4 address. */
const plain = (address: string): string => address.trim().replace(/^::ffff:(?=\d+\.)/i, '')

/**
 * Who sends a request: the address of the socket, or, behind `trustedProxies` proxies of ours, the entry of X-Forwarded-For that the
 * outermost of them has written. Whatever a client puts there itself stands further left and counts for nothing.
 */
export const makeClientOf =
  (trustedProxies: number) =>
  ({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): Client => {
    const hops = textOf(headers['x-forwarded-for'])
      .split(',')
      .map(plain)
      .filter((hop) => hop !== '')
    const forwarded = trustedProxies > 0 ? hops.at(-Math.min(trustedProxies, hops.length)) : undefined
    const address = (forwarded ?? plain(socket.remoteAddress ?? '')).slice(0, 64)
    return { address, userAgent: textOf(headers['user-agent']).slice(0, maxUserAgent) }
  }

export type ClientOf = ReturnType<typeof makeClientOf>
