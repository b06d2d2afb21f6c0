import type { Env, Reader } from './reader.ts'

/** Where the metrics of a process are shown. */
export interface MetricsConfig {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** What a scraper must show; null: anybody who reaches the address may read, which is this machine only. */
  readonly token: string | null
}

/** Where spans go. */
export interface TracingConfig {
  /** Base address of a collector that speaks OTLP over HTTP. */
  readonly endpoint: string
  /** How many of the traces that begin here are kept, 0 to 1. */
  readonly share: number
}

const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost']

/** Null without METRICS_PORT. Metrics tell how a shop goes: nobody outside of this machine reads them without a token (threat: open /metrics). */
export const readMetrics = (env: Env, read: Reader, problems: string[]): MetricsConfig | null => {
  const host = read.text('METRICS_HOST', '127.0.0.1')
  const token = read.secretText('METRICS_TOKEN') || null
  if (!env.METRICS_PORT?.trim()) return null
  if (token !== null && token.length < 32) problems.push('METRICS_TOKEN is shorter than 32 characters.')
  if (token === null && !loopback.includes(host))
    problems.push(`METRICS_TOKEN is missing: metrics at ${host} can be reached from outside of this machine.`)
  return { host, port: read.integer('METRICS_PORT', 0, 0, 65_535), token }
}

/** Null without OTEL_EXPORTER_OTLP_ENDPOINT. */
export const readTracing = (env: Env, read: Reader, problems: string[]): TracingConfig | null => {
  const share = Number(read.text('OTEL_TRACES_SAMPLER_ARG', '1'))
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT?.trim()) return null
  if (!(share >= 0 && share <= 1)) problems.push('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1.')
  return { endpoint: read.url('OTEL_EXPORTER_OTLP_ENDPOINT', '', ['http:', 'https:']), share }
}
