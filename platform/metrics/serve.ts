import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { collectDefaultMetrics } from 'prom-client'
import type { MetricsConfig } from '../config/seeing.ts'
import { sendJson } from '../http.ts'
import { listen } from '../listen.ts'
import { turns } from '../turns.ts'
import { registry } from './kinds.ts'
import { metrics } from './table.ts'

let withProcess = false

/** Memory, CPU, file descriptors, event loop and garbage collection of the process, measured only where somebody may look. */
const collectOfProcess = (): void => {
  if (withProcess) return
  withProcess = true
  collectDefaultMetrics({ register: registry })
  metrics.turnWait.watch(() => [{ value: turns.wait() / 1_000 }])
}

const isShown = ({ headers }: IncomingMessage, token: string): boolean => {
  const [given, expected] = [Buffer.from(headers.authorization ?? ''), Buffer.from(`Bearer ${token}`)]
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** `GET /metrics` for Prometheus on a port of its own, which no client of the shop ever reaches (ADR 0032). */
export const serveMetrics = async ({ host, port, token }: MetricsConfig) => {
  collectOfProcess()
  const server = await listen(
    async (request, response) => {
      if (token !== null && !isShown(request, token))
        return sendJson(response, 401, { error: 'METRICS_TOKEN is asked for.' })
      if (request.url !== '/metrics') return sendJson(response, 404, { error: 'There is only /metrics here.' })
      response.setHeader('content-type', registry.contentType)
      response.end(await registry.metrics())
    },
    { host, port },
  )
  return {
    name: 'metrics',
    url: `http://${host.includes(':') ? `[${host}]` : host}:${server.port}/metrics`,
    stop: server.stop,
  }
}
