import { buildSchema, getOperationAST, parse } from 'graphql'
import { expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import { anonymous, noClient } from '#platform/auth.ts'
import { makeMemoryLimiter } from '#platform/limiter/memory.ts'
import { makeBudgets } from './budget.ts'
import { readCostRules } from './costRules.ts'
import { limits } from './limits.ts'
import { makeTill, stream } from './till.ts'

const sdl = `
  directive @cost(weight: Int!) on FIELD_DEFINITION | OBJECT
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]) on FIELD_DEFINITION
  type Query { thing: Thing things(first: Int!): [Thing] @listSize(slicingArguments: ["first"]) dear: Thing @cost(weight: 40) }
  type Mutation { act: Thing }
  type Subscription { changed: Thing }
  type Thing { id: ID things: [Thing] @listSize(assumedSize: 3) free: Free frees: [Free] }
  type Free @cost(weight: 0) { id: ID }`
const asker = { viewer: anonymous, client: noClient }

const open = (costBucket = 2_000) => {
  const clock = makeManualClock()
  const settings = { costBucket, costPerSecondUser: 100, costPerSecondNetwork: 20 }
  const till = makeTill(buildSchema(sdl), readCostRules(sdl), makeBudgets(makeMemoryLimiter(clock), settings))
  const purchase = (text: string, variables = {}) => {
    const document = parse(text, { noLocation: true })
    const operation = getOperationAST(document)
    if (!operation) throw new Error('there is no operation')
    return { document, operation, variables }
  }
  return { clock, till, purchase }
}

const settled = async (
  till: ReturnType<typeof open>['till'],
  purchase: ReturnType<ReturnType<typeof open>['purchase']>,
  data: unknown,
) => {
  const outcome = await till.pay(asker, purchase)
  if ('refused' in outcome) throw outcome.refused
  return outcome.settle(data)
}

test('given a new operation, when it is sent twice, then the first one also pays for the planning, and what was not needed comes back', async () => {
  const { till, purchase } = open()
  const page = purchase('{ things(first: 50) { id things { id free { id } } } }')
  const data = { things: [{ id: '1', things: [] }] }
  expect(await settled(till, page, data)).toEqual({ requested: 50 * 4 + 2, actual: 1 + 2, remaining: 1_997 })
  expect(await settled(till, page, data)).toEqual({ requested: 50 * 4, actual: 1, remaining: 1_996 })
})

test('given fields with a weight, then it counts beside the object, and types without weight are free', async () => {
  const { till, purchase } = open()
  const dear = purchase('{ dear { free { id } frees { id } } }')
  expect(await settled(till, dear, { dear: { free: { id: '1' }, frees: [{ id: '2' }] } })).toMatchObject({
    requested: 41 + 1 + 1 - 1,
    actual: 42,
  })
})

test('given an operation that answers with nothing, then it costs a point; a subscription keeps what it took', async () => {
  const { till, purchase } = open()
  const nothing = purchase('{ __typename }')
  expect(await settled(till, nothing, { __typename: 'Query' })).toEqual({ requested: 1, actual: 1, remaining: 1_999 })
  const watching = purchase('subscription { changed { id } }')
  expect(await settled(till, watching, stream)).toEqual({ requested: 2, actual: 2, remaining: 1_997 })
})

test('given an empty bucket, then the operation is refused until it is paid for, to the second', async () => {
  const { clock, till, purchase } = open(1_000)
  const page = purchase('{ things(first: 100) { id } }')
  for (let n = 0; n < 9; n++) await settled(till, page, { things: Array.from({ length: 100 }, () => ({ id: '1' })) })
  const outcome = await till.pay(asker, page)
  expect(outcome).toMatchObject({ receipt: { requested: 100, actual: 0, remaining: 99 } })
  expect('refused' in outcome && outcome.refused.extensions).toEqual({
    code: 'RATE_LIMITED',
    retryable: true,
    retryAfter: 1,
  })
  clock.advance(1_000)
  expect('refused' in (await till.pay(asker, page))).toBe(false)
})

test.each([
  ['cost', '{ things(first: 100) { things { things { id } } } }', 1_300],
  ['nodes', '{ things(first: 100) { frees { id } things { things { things { frees { id } } } } } }', 0],
])('given too much of %s, then it is refused and nothing is taken', async (limit, text, actual) => {
  const { till, purchase } = open()
  const outcome = await till.pay(asker, purchase(text))
  const { extensions } = 'refused' in outcome ? outcome.refused : { extensions: {} }
  expect(extensions).toMatchObject({ code: 'DOCUMENT_TOO_COMPLEX', limit, ...(actual && { actual }) })
  expect(outcome).toMatchObject({ receipt: { actual: 0, remaining: 2_000 } })
})

test('given more and larger trees than fit, then the last ones are kept, and the first are planned and paid for again (R13)', async () => {
  const { till, purchase } = open(1_000_000_000)
  const fields = 10_000
  const wide = Array.from({ length: limits.knownFields / fields + 5 }, (_, n) =>
    purchase(`query Q${n} { thing { ${Array.from({ length: fields }, (_, i) => `a${i}: id`).join(' ')} } }`),
  )
  const pay = async (index: number) => settled(till, wide[index]!, { thing: { id: '1' } })
  for (const index of wide.keys()) await pay(index)
  expect((await pay(wide.length - 1)).actual).toBe(1)
  expect((await pay(0)).actual).toBeGreaterThan(fields / limits.fieldsPlannedPerPoint)
})
