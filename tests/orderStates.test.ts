import { expect, test } from 'vitest'
import { stepNames, transitions } from '../subgraphs/orders/domain/order.ts'

const arrows = Object.entries(transitions).flatMap(([from, to]) =>
  to.length > 0 ? to.map((next) => `  ${from} --> ${next}`) : [`  ${from} --> [*]`],
)

const page = `# The states of an order

Drawn from \`transitions\` and \`stepNames\` in \`subgraphs/orders/domain/order.ts\` by \`tests/orderStates.test.ts\`, which fails when they
differ (\`npx vitest run tests/orderStates.test.ts -u\` draws anew). An order moves along these arrows and no others (I23).

\`\`\`mermaid
stateDiagram-v2
  [*] --> AWAITING_PAYMENT
${arrows.join('\n')}
\`\`\`

The steps from a placed to a confirmed order, in this order: ${stepNames.join(', ')}.
`

test('given the table of transitions, then its drawing in the documents is the same (I23)', async () => {
  await expect(page).toMatchFileSnapshot('../docs/orderStates.md')
})
