import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { coalesceEntities } from './coalescing.ts'
import type { FetchRequest } from './execution/run.ts'

const asker = (identity: string) => ({ context: null, identity })

const fetchOf = (ids: readonly string[], more: Partial<FetchRequest> = {}): FetchRequest => ({
  subgraph: 'products',
  query: 'query ($representations: [_Any!]!) { _entities(representations: $representations) { title } }',
  variables: { representations: ids.map((id) => ({ __typename: 'Product', id })) },
  kind: 'query',
  isPublic: true,
  ...more,
})

const start = (errorsFor: readonly string[] = []) => {
  const asked: string[][] = []
  const send = coalesceEntities<null>(async ({ variables }) => {
    const ids = (variables?.representations as { id: string }[]).map(({ id }) => id)
    asked.push(ids)
    const errors = ids.flatMap((id, index) =>
      errorsFor.includes(id) ? [new GraphQLError(`no ${id}`, { path: ['_entities', index, 'title'] })] : [],
    )
    return { data: { _entities: ids.map((id) => ({ title: id, deep: { id } })) }, ...(errors.length > 0 && { errors }) }
  })
  return { asked, send }
}

test('given equal fetches of overlapping entities, when they come together, then each entity is asked for once and each gets its own copies', async () => {
  const { asked, send } = start()
  const [first, second] = await Promise.all([
    send(fetchOf(['a', 'b']), asker('x')),
    send(fetchOf(['b', 'c', 'b']), asker('x')),
  ])
  expect(asked).toEqual([['a', 'b', 'c']])
  const entities = second?.data?._entities as { title: string; deep: object }[]
  expect(entities.map(({ title }) => title)).toEqual(['b', 'c', 'b'])
  expect((first?.data?._entities as { deep: object }[])[1]?.deep).not.toBe(entities[0]?.deep)
})

test('given an entity that fails, when its fetch was made with others, then only who asked for it hears of it, at the place where it asked', async () => {
  const { send } = start(['c'])
  const [first, second] = await Promise.all([
    send(fetchOf(['a', 'b']), asker('x')),
    send(fetchOf(['b', 'c']), asker('x')),
  ])
  expect(first?.errors).toBeUndefined()
  expect(second?.errors).toMatchObject([{ message: 'no c', path: ['_entities', 1, 'title'] }])
})

test.each([
  ['another identity', fetchOf(['a']), asker('y')],
  ['another text', fetchOf(['a'], { query: 'query { other }' }), asker('x')],
  ['another subgraph', fetchOf(['a'], { subgraph: 'pricing' }), asker('x')],
  ['other variables', fetchOf([], { variables: { representations: [{ id: 'a' }], currency: 'EUR' } }), asker('x')],
  ['a mutation', fetchOf(['a'], { kind: 'mutation' }), asker('x')],
])(
  'given %s, when it comes at the same time, then it is a call of its own (threat: cache)',
  async (_what, request, who) => {
    const { asked, send } = start()
    await Promise.all([send(fetchOf(['a']), asker('x')), send(request, who)])
    expect(asked).toHaveLength(2)
  },
)

test('given more entities than one call may have, when they come together, then they go in several calls (R13)', async () => {
  const { asked, send } = start()
  const many = (from: number) => Array.from({ length: 600 }, (_, index) => `p${from + index}`)
  await Promise.all([send(fetchOf(many(0)), asker('x')), send(fetchOf(many(600)), asker('x'))])
  expect(asked.map(({ length }) => length)).toEqual([600, 600])
})

test('given a subgraph that does not answer, when several waited for it, then all of them fail', async () => {
  const send = coalesceEntities<null>(async () => {
    throw new Error('away')
  })
  const results = await Promise.allSettled([send(fetchOf(['a']), asker('x')), send(fetchOf(['b']), asker('x'))])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
