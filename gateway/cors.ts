import type { IncomingMessage, ServerResponse } from 'node:http'

const allowedHeaders =
  'authorization, content-type, apollo-require-preflight, apollographql-client-name, apollographql-client-version, x-apollo-operation-id, x-apollo-operation-name, x-apollo-operation-type, x-request-id'

/** Exact origins only; no wildcard, no reflection, no `null` (parameters table: CORS). */
export const makeCors = (origins: readonly string[]) => {
  const allowed = new Set(origins)
  return {
    allows: (origin: string | undefined, host: string | undefined): boolean =>
      origin === undefined || allowed.has(origin) || (host !== undefined && URL.parse(origin)?.host === host),

    /** Sets the headers on every answer, refusals included: without them a browser only sees a "network error". */
    apply: (request: IncomingMessage, response: ServerResponse): void => {
      response.setHeader('vary', 'origin')
      const { origin } = request.headers
      if (!origin || !allowed.has(origin)) return
      response.setHeader('access-control-allow-origin', origin)
      response.setHeader('access-control-expose-headers', 'x-request-id, retry-after')
    },

    /** Answers a preflight; false when the request is none. */
    preflight: (request: IncomingMessage, response: ServerResponse): boolean => {
      if (request.method !== 'OPTIONS') return false
      response.setHeader('access-control-allow-methods', 'GET, POST, OPTIONS')
      response.setHeader('access-control-allow-headers', allowedHeaders)
      response.setHeader('access-control-max-age', '600')
      response.writeHead(204).end()
      return true
    },
  }
}

export type Cors = ReturnType<typeof makeCors>
