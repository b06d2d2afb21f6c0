import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { acceptsCoding } from '../http/compression.ts'
import { renderExplorer } from './page.ts'

/** Nothing from elsewhere may be loaded, whatever a later version of GraphiQL would like; its editor makes workers out of blobs. */
const policy = "default-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:; frame-ancestors 'none'; base-uri 'none'"

interface Made {
  readonly bytes: Buffer
  readonly tag: string
}

const make = async (): Promise<Made> => {
  const bytes = await promisify(gzip)(await renderExplorer())
  return { bytes, tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` }
}

/** Serves GraphiQL: made at the first request, kept as compressed bytes, sent again only to browsers that do not have it. */
export const makeExplorer = () => {
  let made: Promise<Made> | null = null
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    made ??= make()
    const { bytes, tag } = await made
    response.setHeader('etag', tag)
    response.setHeader('cache-control', 'no-cache')
    response.setHeader('vary', 'origin, accept-encoding')
    if (request.headers['if-none-match'] === tag) return void response.writeHead(304).end()
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader('content-security-policy', policy)
    if (!acceptsCoding(request.headers['accept-encoding'], 'gzip'))
      return void response.end(await promisify(gunzip)(bytes))
    response.setHeader('content-encoding', 'gzip')
    response.setHeader('content-length', bytes.length)
    response.end(bytes)
  }
}
