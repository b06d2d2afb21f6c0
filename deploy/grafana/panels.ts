/** One panel of the dashboard: what it shows and in which unit (Grafana's names). */
export interface Panel {
  readonly title: string
  /** Queries of Prometheus with the legend of their lines. */
  readonly queries: Readonly<Record<string, string>>
  readonly unit?: 'reqps' | 's' | 'percentunit' | 'bytes' | 'short'
}

const rate = (metric: string, by: string, selector = ''): string =>
  `sum by (${by}) (rate(${metric}${selector}[$__rate_interval]))`

const quantile = (q: number, metric: string, by = 'le', selector = ''): string =>
  `histogram_quantile(${q}, ${rate(`${metric}_bucket`, by, selector)})`

/** The rows of the dashboard from what buyers feel down to what processes need. */
export const rows: Readonly<Record<string, readonly Panel[]>> = {
  'What buyers feel': [
    {
      title: 'Operations by outcome',
      unit: 'reqps',
      queries: { '{{outcome}}': rate('emporion_operations_total', 'outcome') },
    },
    {
      title: 'Share that failed or found a part away',
      unit: 'percentunit',
      queries: {
        share: `${rate('emporion_operations_total', '', '{outcome=~"failed|unavailable"}')} / ${rate('emporion_operations_total', '')}`,
      },
    },
    {
      title: 'p95 by class',
      unit: 's',
      queries: { '{{class}}': quantile(0.95, 'emporion_operation_duration_seconds', 'le, class') },
    },
    {
      title: 'Orders',
      unit: 'reqps',
      queries: { '{{type}}': rate('emporion_events_total', 'type', '{type=~"Order.*|PaymentFailed"}') },
    },
    {
      title: 'Refusals by code',
      unit: 'reqps',
      queries: { '{{code}}': `topk(10, ${rate('emporion_refusals_total', 'code')})` },
    },
    {
      title: 'Busiest fields',
      unit: 'reqps',
      queries: { '{{field}}': `topk(10, ${rate('emporion_operations_total', 'field')})` },
    },
  ],
  Gateway: [
    { title: 'HTTP answers', unit: 'reqps', queries: { '{{status}}': rate('emporion_http_answers_total', 'status') } },
    {
      title: 'Errors by code',
      unit: 'reqps',
      queries: { '{{code}}': rate('emporion_operation_errors_total', 'code') },
    },
    {
      title: 'Plans: found and made',
      unit: 'reqps',
      queries: { '{{outcome}}': rate('emporion_plans_total', 'outcome'), kept: 'sum(emporion_plans_kept)' },
    },
    {
      title: 'Sockets, and what runs on them',
      queries: {
        sockets: 'sum(emporion_sockets)',
        operations: 'sum(emporion_socket_operations)',
        limit: 'sum(emporion_sockets_limit)',
      },
    },
    {
      title: 'Sockets closed, by code',
      unit: 'reqps',
      queries: { '{{code}}': rate('emporion_sockets_closed_total', 'code') },
    },
    {
      title: 'Places, and who is sent away',
      queries: {
        '{{state}}': 'sum by (state) (emporion_places)',
        'away: {{class}}': rate('emporion_shed_total', 'class'),
      },
    },
  ],
  'Between the parts': [
    {
      title: 'p95 of calls to subgraphs',
      unit: 's',
      queries: { '{{subgraph}}': quantile(0.95, 'emporion_subgraph_call_duration_seconds', 'le, subgraph') },
    },
    {
      title: 'Calls without an answer',
      unit: 'reqps',
      queries: { '{{subgraph}}': rate('emporion_subgraph_calls_total', 'subgraph', '{outcome="failed"}') },
    },
    {
      title: 'Breakers that are not closed',
      queries: { '{{unit}} to {{dependency}}': 'sum by (unit, dependency) (emporion_breakers{state!="closed"})' },
    },
    {
      title: 'Passwords: hashed and waiting',
      queries: { '{{state}}': 'sum by (state) (emporion_passwords)' },
    },
    {
      title: 'Clocks apart, as calls show it',
      unit: 's',
      queries: { '{{unit}} {{subgraph}}': 'max by (unit, subgraph) (emporion_clocks_apart_seconds)' },
    },
    {
      title: 'Payment provider: calls by outcome',
      unit: 'reqps',
      queries: { '{{operation}} {{outcome}}': rate('emporion_provider_calls_total', 'operation, outcome') },
    },
    {
      title: 'Payment provider: p95',
      unit: 's',
      queries: { '{{operation}}': quantile(0.95, 'emporion_provider_call_duration_seconds', 'le, operation') },
    },
    {
      title: 'Cache: share found',
      unit: 'percentunit',
      queries: {
        '{{cache}}': `${rate('emporion_cache_reads_total', 'cache', '{outcome=~"hit|shared",cache!="units"}')} / ${rate('emporion_cache_reads_total', 'cache', '{outcome=~"hit|shared|miss"}')}`,
      },
    },
    {
      title: 'Cache: asked of the store',
      unit: 'reqps',
      queries: { '{{cache}}': rate('emporion_cache_reads_total', 'cache', '{outcome="miss"}') },
    },
    {
      title: 'Old copies shown',
      unit: 'reqps',
      queries: { '{{cache}}': rate('emporion_cache_reads_total', 'cache', '{outcome="stale"}') },
    },
  ],
  'Behind the scenes': [
    {
      title: 'Outboxes: waiting',
      queries: { '{{collection}}': 'max by (collection) (emporion_outbox_waiting)' },
    },
    {
      title: 'Outboxes: the oldest',
      unit: 's',
      queries: {
        '{{collection}}': 'max by (collection) (emporion_outbox_oldest_seconds)',
        'p99 of all': quantile(0.99, 'emporion_outbox_lag_seconds'),
      },
    },
    { title: 'Given up', queries: { '{{collection}}': 'max by (collection) (emporion_outbox_dead)' } },
    {
      title: 'Deliveries',
      unit: 'reqps',
      queries: { '{{consumer}} {{outcome}}': rate('emporion_event_deliveries_total', 'consumer, outcome') },
    },
    {
      title: 'Sagas under way, and the oldest',
      queries: {
        '{{saga}}': 'max by (saga) (emporion_sagas_unfinished)',
        '{{saga}} oldest (s)': 'max by (saga) (emporion_saga_oldest_seconds)',
      },
    },
    {
      title: 'Jobs',
      unit: 'reqps',
      queries: { '{{task}} {{outcome}}': rate('emporion_job_runs_total', 'task, outcome') },
    },
  ],
  Processes: [
    { title: 'CPU', unit: 'short', queries: { '{{unit}}': rate('process_cpu_seconds_total', 'unit') } },
    { title: 'Memory', unit: 'bytes', queries: { '{{unit}}': 'sum by (unit) (process_resident_memory_bytes)' } },
    { title: 'Heap in use', unit: 'bytes', queries: { '{{unit}}': 'sum by (unit) (nodejs_heap_size_used_bytes)' } },
    {
      title: 'Event loop, p99',
      unit: 's',
      queries: {
        '{{unit}}': 'max by (unit) (nodejs_eventloop_lag_p99_seconds)',
        '{{unit}}: waits for a turn': 'max by (unit) (emporion_turn_wait_seconds)',
      },
    },
    {
      title: 'Connections to the database',
      queries: {
        '{{unit}} {{state}}': 'sum by (unit, state) (emporion_database_connections)',
        '{{unit}} got none': rate('emporion_database_checkout_failures_total', 'unit'),
      },
    },
    {
      title: 'File descriptors and errors logged',
      queries: {
        '{{unit}} open': 'max by (unit) (process_open_fds)',
        '{{unit}} errors': `sum by (unit) (increase(emporion_log_lines_total{level="error"}[5m]))`,
      },
    },
  ],
}
