import { counter, durations, gauge } from './kinds.ts'

/**
 * Every metric of the shop, each in one place with what it says. `docs/metrics.md` is made of this table. Labels take values from closed
 * lists (fields of the graph, subgraphs, codes), so that nobody outside decides how many series there are (threat: metric cardinality).
 */
export const metrics = {
  operations: counter({
    name: 'emporion_operations_total',
    help: 'Operations answered by the gateway, by name (of the manifest of trusted documents; "other" for the rest), first root field and outcome: ok, refused (the client has to mend something), limited (come back later), unavailable (a part of the shop is away), failed (a fault of ours).',
    labels: ['operation', 'field', 'outcome'],
  }),
  operationDuration: durations({
    name: 'emporion_operation_duration_seconds',
    help: 'From the moment an operation reaches the gateway until its answer is complete, by class: browse, account, checkout.',
    labels: ['class'],
  }),
  operationErrors: counter({
    name: 'emporion_operation_errors_total',
    help: 'Top-level errors in answers, by code.',
    labels: ['code'],
  }),
  httpAnswers: counter({
    name: 'emporion_http_answers_total',
    help: 'Answers of the gateway over HTTP, by status.',
    labels: ['status'],
  }),
  plans: counter({
    name: 'emporion_plans_total',
    help: 'Operations looked up among the planned ones: found (hit) or planned anew (miss).',
    labels: ['outcome'],
  }),
  plansKept: gauge({
    name: 'emporion_plans_kept',
    help: 'Planned operations in memory, at most 1,000 for each graph.',
  }),
  sockets: gauge({ name: 'emporion_sockets', help: 'WebSockets of clients that are open.' }),
  socketsMost: gauge({ name: 'emporion_sockets_limit', help: 'WebSockets that this process would hold at most.' }),
  socketOperations: gauge({
    name: 'emporion_socket_operations',
    help: 'Operations that run on these WebSockets, most of them subscriptions.',
  }),
  socketsClosed: counter({
    name: 'emporion_sockets_closed_total',
    help: 'WebSockets closed, by close code (gateway/PROTOCOL.md); "other" for codes that only clients use.',
    labels: ['code'],
  }),
  subgraphCalls: counter({
    name: 'emporion_subgraph_calls_total',
    help: 'Calls to subgraphs, by outcome: answered, errors (answered with errors), failed (no answer).',
    labels: ['subgraph', 'outcome'],
  }),
  subgraphCallDuration: durations({
    name: 'emporion_subgraph_call_duration_seconds',
    help: 'How long calls to a subgraph take, waiting for a free connection included.',
    labels: ['subgraph'],
  }),
  breakers: gauge({
    name: 'emporion_breakers',
    help: 'Breakers of this process, by dependency and state: closed, half-open, open (the dependency is left alone).',
    labels: ['dependency', 'state'],
  }),
  clocksApart: gauge({
    name: 'emporion_clocks_apart_seconds',
    help: 'How far the clocks of callers and of this subgraph were apart at most in the last minute or two. Calls beyond 30 s are refused.',
    labels: ['subgraph'],
  }),
  passwords: gauge({
    name: 'emporion_passwords',
    help: 'Passwords that are hashed, by state: running (at most 2 in a process of users), waiting (at most 30; the next one is told RATE_LIMITED).',
    labels: ['state'],
  }),
  refusals: counter({
    name: 'emporion_refusals_total',
    help: 'Mutations refused with userErrors, by the code of the first one. Counted in the process of the subgraph.',
    labels: ['code'],
  }),
  events: counter({
    name: 'emporion_events_total',
    help: 'Facts written into outboxes, by type: OrderPlaced, OrderConfirmed, PaymentCaptured and so on.',
    labels: ['type'],
  }),
  deliveries: counter({
    name: 'emporion_event_deliveries_total',
    help: 'Facts handed to consumers, by consumer and outcome: done, failed (tried again).',
    labels: ['consumer', 'outcome'],
  }),
  outboxLag: durations({
    name: 'emporion_outbox_lag_seconds',
    help: 'From a fact being written until all its consumers are done with it (goal: p99 at most 1 s).',
  }),
  outboxWaiting: gauge({
    name: 'emporion_outbox_waiting',
    help: 'Facts that wait in outboxes, by collection. Every workers process tells the same: take the maximum.',
    labels: ['collection'],
  }),
  outboxOldest: gauge({
    name: 'emporion_outbox_oldest_seconds',
    help: 'How long the oldest of them waits, by collection.',
    labels: ['collection'],
  }),
  outboxDead: gauge({
    name: 'emporion_outbox_dead',
    help: 'Facts given up after all attempts, by collection: somebody has to look at them.',
    labels: ['collection'],
  }),
  sagas: gauge({
    name: 'emporion_sagas_unfinished',
    help: 'Checkouts and provider calls that were begun and are not done, without those that wait for their buyer; at most 1,000 of each are counted. Every workers process tells the same: take the maximum.',
    labels: ['saga'],
  }),
  sagaAge: gauge({
    name: 'emporion_saga_oldest_seconds',
    help: 'Since when the oldest of them is under way (goal: settled within 60 s, I11).',
    labels: ['saga'],
  }),
  jobs: counter({
    name: 'emporion_job_runs_total',
    help: 'Rounds of timed jobs, by task (workers/timetable.ts) and outcome: done, failed.',
    labels: ['task', 'outcome'],
  }),
  providerCalls: counter({
    name: 'emporion_provider_calls_total',
    help: 'Calls to the payment provider, by operation and outcome: answered, unreceived (certainly not heard), unknown.',
    labels: ['operation', 'outcome'],
  }),
  providerCallDuration: durations({
    name: 'emporion_provider_call_duration_seconds',
    help: 'How long calls to the payment provider take.',
    labels: ['operation'],
  }),
  cacheReads: counter({
    name: 'emporion_cache_reads_total',
    help: 'Reads of what is kept, by what is read (the last answers of a subgraph that the gateway keeps: "gateway:" and its name) and outcome: hit, shared (another read of it was under way), miss (the store is asked), stale (answered with an old copy because the store or the subgraph does not answer; if it was asked before, that has counted as well).',
    labels: ['cache', 'outcome'],
  }),
  databasePool: gauge({
    name: 'emporion_database_connections',
    help: 'Connections to the database, by state: open, in_use.',
    labels: ['state'],
  }),
  databaseWaitFailures: counter({
    name: 'emporion_database_checkout_failures_total',
    help: 'Operations that got no connection to the database in time.',
  }),
  shed: counter({
    name: 'emporion_shed_total',
    help: 'Operations sent away because there is too much to do, by class.',
    labels: ['class'],
  }),
  places: gauge({
    name: 'emporion_places',
    help: 'Places for operations under way: open (fewer while the event loop is late), inside (taken), waiting (checkouts in line).',
    labels: ['state'],
  }),
  turnWait: gauge({
    name: 'emporion_turn_wait_seconds',
    help: 'How long the step of an operation that is next has waited for its turn of the event loop.',
  }),
  logLines: counter({
    name: 'emporion_log_lines_total',
    help: 'Lines written to the log, by level.',
    labels: ['level'],
  }),
} as const
