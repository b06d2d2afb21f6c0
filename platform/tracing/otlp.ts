import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { seconds } from '#kernel/time.ts'
import type { TracingConfig } from '../config/seeing.ts'
import { type Tracer, traceWith } from '../tracing.ts'
import { contextOf, traceparentOf } from './traceparent.ts'

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const

const contextFrom = (parent: string | undefined) => {
  const found = parent === undefined ? null : contextOf(parent)
  if (!found) return ROOT_CONTEXT
  const { isSampled, ...ids } = found
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE
  return trace.setSpanContext(ROOT_CONTEXT, { ...ids, traceFlags, isRemote: true })
}

/**
 * Spans of this process to a collector, as OTLP over HTTP, in batches: at most 2,048 wait, more are dropped, and a collector that is away
 * holds nobody up.
 */
export const startTracing = async ({ endpoint, share }: TracingConfig, service: string) => {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: seconds(5),
  })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'emporion' }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: 2_048,
        scheduledDelayMillis: seconds(1),
        exportTimeoutMillis: seconds(5),
      }),
    ],
  })
  const inner = provider.getTracer('emporion')
  const tracer: Tracer = {
    begin: (name, { kind, attributes = {} }, parent) => {
      const span = inner.startSpan(name, { kind: kinds[kind], attributes }, contextFrom(parent))
      const { traceId, spanId, traceFlags } = span.spanContext()
      const isSampled = (traceFlags & TraceFlags.SAMPLED) !== 0
      return {
        traceparent: traceparentOf({ traceId, spanId, isSampled }),
        end: (failure) => {
          if (failure !== undefined) {
            span.setAttribute('error.type', failure)
            span.setStatus({ code: SpanStatusCode.ERROR })
          }
          span.end()
        },
      }
    },
  }
  const leave = traceWith(tracer)
  return {
    name: 'tracing',
    stop: async (): Promise<void> => {
      leave()
      await provider.shutdown()
    },
  }
}
