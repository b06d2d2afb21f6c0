import { text } from 'node:stream/consumers'
import { listen } from '../platform/listen.ts'

/** A span as a collector gets it. */
export interface CollectedSpan {
  readonly name: string
  readonly service: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly attributes: Readonly<Record<string, unknown>>
  readonly isFailed: boolean
}

interface KeyValue {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] }
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string
        readonly traceId: string
        readonly spanId: string
        readonly parentSpanId?: string
        readonly attributes: readonly KeyValue[]
        readonly status: { readonly code?: number }
      }[]
    }[]
  }[]
}

const asObject = (attributes: readonly KeyValue[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

const spansOf = ({ resourceSpans }: Sent): CollectedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ name, traceId, spanId, parentSpanId, attributes, status }) => ({
        name,
        service: String(asObject(resource.attributes)['service.name']),
        traceId,
        spanId,
        parentSpanId: parentSpanId || undefined,
        attributes: asObject(attributes),
        isFailed: status.code === 2,
      })),
    ),
  )

/** The smallest collector of traces: takes OTLP over HTTP as JSON, and keeps all of it. */
export const startCollector = async () => {
  const spans: CollectedSpan[] = []
  const server = await listen(
    async (request, response) => {
      const body = await text(request)
      if (request.url === '/v1/traces') spans.push(...spansOf(JSON.parse(body) as Sent))
      response.setHeader('content-type', 'application/json')
      response.end('{}')
    },
    { host: '127.0.0.1', port: 0 },
  )
  return { url: `http://127.0.0.1:${server.port}`, spans, stop: server.stop }
}
