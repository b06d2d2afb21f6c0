import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { subgraphNames } from '../platform/config.ts'
import type { Consumer } from '../platform/outbox/relay.ts'
import { makeConsumers as ofCart } from '../subgraphs/cart/consumers.ts'
import { makeConsumers as ofOrders } from '../subgraphs/orders/consumers.ts'
import { makeConsumers as ofPayments } from '../subgraphs/payments/consumers.ts'
import { makeConsumers as ofUsers } from '../subgraphs/users/consumers.ts'
import { makeMailConsumer } from '../workers/emails/consumer.ts'
import { makeReplayConsumer } from '../workers/replaying.ts'

/** Nothing is called here: the consumers are asked for their names and for what they listen to. */
const nothing = {} as never

const consumers: readonly Consumer[] = [
  ...ofCart(nothing, nothing),
  ...ofOrders(nothing),
  ...ofPayments(nothing),
  ...ofUsers(nothing, nothing, nothing),
  makeMailConsumer(nothing),
  makeReplayConsumer([]),
]

interface Declared {
  readonly name: string
  readonly says: string
  readonly fields: readonly string[]
}

const documented = /\/\*\*(?<says>(?:(?!\*\/)[\s\S])*)\*\/\nexport interface (?<name>\w+)[^{]*\{(?<body>[\s\S]*?)\n\}/g

const oneLine = (comment: string): string =>
  comment
    .replaceAll(/\n\s*\* ?/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** `readonly a: string` lines between braces. */
const fieldsOf = (text: string): string[] =>
  [...text.matchAll(/readonly (\w+): ([^\n;}]+)/g)].map(([, name, type]) => `\`${name}: ${type?.trim()}\``)

/** The payload as it is written beside the type, or the exported type that it names. */
const payloadOf = (body: string, source: string): string[] => {
  const [, named] = /readonly payload: (\w+)\n/.exec(`${body}\n`) ?? []
  if (!named) return fieldsOf(body.split('readonly payload:')[1] ?? '')
  return fieldsOf(new RegExp(`export type ${named} = \\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? '')
}

const eventsOf = (subgraph: string): Declared[] => {
  const file = join(import.meta.dirname, `../subgraphs/${subgraph}/events.ts`)
  const source = readFileSync(file, 'utf8')
  return [...source.matchAll(documented)].map(({ groups: { name = '', says = '', body = '' } = {} }) => ({
    name,
    says: oneLine(says),
    fields: payloadOf(body, source),
  }))
}

const publishing = subgraphNames.filter((name) => name !== 'cart')

const hearing = (event: string): string =>
  consumers.flatMap(({ name, on }) => (Object.hasOwn(on, event) ? [`\`${name}\``] : [])).join(', ') || 'nobody yet'

const sectionOf = (subgraph: string): string =>
  [
    `## ${subgraph}`,
    '',
    ...eventsOf(subgraph).flatMap(({ name, says, fields }) => [
      `**${name}**: ${says}`,
      `Payload: ${fields.join(', ') || 'what only its own subgraph reads'}. Consumers: ${hearing(name)}.`,
      '',
    ]),
  ].join('\n')

const page = `# Events

Made from the event types in \`subgraphs/<name>/events.ts\` and from the consumers by \`tests/events.test.ts\`, which fails when they
differ (\`npx vitest run tests/events.test.ts -u\` writes it anew).

An event waits in the \`outbox\` of the document that it is about, and reaches each consumer at least once, those of one document in
order ([ADR 0002](decisions/0002-outbox-in-the-document.md)). Each has \`id\`, \`type\`, \`at\` and \`payload\`; a consumer takes the same \`id\`
for the same event. **ActDone** (any subgraph: an act for the audit log) goes to ${hearing('ActDone')}. Whoever is tried in vain five times
(twelve where money moves) is given up: the event stays in its document with the reason, those behind it pass, and \`npm run outbox\`
shows and replays it.

${publishing.map(sectionOf).join('\n')}`

test('given the event types and the consumers, then their page in the documents is the same (I16)', async () => {
  await expect(page).toMatchFileSnapshot('../docs/events.md')
})

test('given an event that a consumer hears, then somebody declares it; and every subgraph that publishes is on the page', () => {
  const declared = new Set(['ActDone', ...publishing.flatMap((name) => eventsOf(name).map((event) => event.name))])
  const heard = consumers.flatMap(({ on }) => Object.keys(on))
  expect(heard.filter((type) => !declared.has(type))).toEqual([])
  for (const name of publishing) expect(eventsOf(name).length, name).toBeGreaterThan(0)
})
