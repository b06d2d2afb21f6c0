import { readFile } from 'node:fs/promises'
import type { ApolloServerPlugin } from '@apollo/server'
import { Kind, parse } from 'graphql'
import { metrics } from '#platform/metrics/table.ts'
import { rootFieldOf } from './rootField.ts'
import { classOf } from './shedding/classes.ts'
import type { GatewayContext } from './transport.ts'

/** More names than a manifest needs; the others are "other". */
const mostNames = 100

/** Names of the operations in a manifest of trusted documents: the only ones that become labels, because clients choose all others. */
export const readOperationNames = async (manifest: string): Promise<ReadonlySet<string>> => {
  const text = await readFile(manifest, 'utf8').catch(() => '{}')
  const documents = Object.values(JSON.parse(text) as Record<string, string>).map((one) => parse(one))
  const names = documents.flatMap(({ definitions }) =>
    definitions.flatMap((one) => (one.kind === Kind.OPERATION_DEFINITION ? (one.name?.value ?? []) : [])),
  )
  return new Set(names.slice(0, mostNames))
}

const outcomes: Readonly<Record<string, string>> = {
  RATE_LIMITED: 'limited',
  OVERLOADED: 'limited',
  UNAVAILABLE: 'unavailable',
  INTERNAL_SERVER_ERROR: 'failed',
}

const outcomeOf = (code: string | undefined): string => (code === undefined ? 'ok' : (outcomes[code] ?? 'refused'))

/** Counts and times each operation, over whatever transport it came. A subscription counts when it is opened. */
export const measuring = (names: ReadonlySet<string>): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: async () => {
    const began = performance.now()
    return {
      willSendResponse: async ({ operation, response: { body } }) => {
        if (body.kind !== 'single') return
        const field = operation ? rootFieldOf(operation) : 'none'
        const name = operation?.name?.value ?? ''
        const codes = (body.singleResult.errors ?? []).map(({ extensions }) => String(extensions?.code))
        metrics.operations.inc({ operation: names.has(name) ? name : 'other', field, outcome: outcomeOf(codes[0]) })
        metrics.operationDuration.observe(
          { class: operation ? classOf(operation) : 'browse' },
          (performance.now() - began) / 1_000,
        )
        for (const code of codes) metrics.operationErrors.inc({ code })
      },
    }
  },
})
