import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxPage, parsePage, toConnection, toCursor } from './page.ts'

const refusalOf = (field: string) =>
  expect.objectContaining({ code: 'BAD_USER_INPUT', problems: [expect.objectContaining({ field: [field] })] })

test('given any position, when its cursor comes back, then it is the same position, unicode included', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constant('\ud800'))
  fc.assert(
    fc.property(text, text, (value, id) => {
      expect(parsePage({ first: 1, after: toCursor({ value, id }) }, 'string').after).toEqual({ value, id })
    }),
    { numRuns: 1_000 },
  )
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const { after } = parsePage({ first: 1, after: toCursor({ value, id: 'a' }) }, 'number')
      expect(after?.value === value).toBe(true)
    }),
  )
})

test('given a cursor of another list or none at all, when it is used, then it is refused and named', () => {
  const foreign = [
    toCursor({ value: 3, id: 'a' }),
    ...[['a'], ['a', 'b', 'c'], ['a', 1], [null, 'a'], [{ $gt: '' }, 'a'], { value: 'a', id: 'b' }, 'a', null].map(
      (content) => btoa(JSON.stringify(content)),
    ),
    ...['', 'junk', '!!!', btoa('not json'), btoa('\xff\xfe'), 'A'.repeat(50_000)],
  ]
  for (const after of foreign) {
    expect(() => parsePage({ first: 1, after }, 'string'), after.slice(0, 40)).toThrow(refusalOf('after'))
  }
  expect(() => parsePage({ first: 1, after: toCursor({ value: 'a', id: 'a' }) }, 'number')).toThrow(refusalOf('after'))
})

test('given any text as a cursor, when it is used, then it is a position or a refusal, never a fault', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.json().map((text) => btoa(encodeURIComponent(text))),
      ),
      (after) => {
        try {
          expect(typeof parsePage({ first: 1, after }, 'string').after?.value).toBe('string')
        } catch (error) {
          expect(error).toEqual(refusalOf('after'))
        }
      },
    ),
    { numRuns: 2_000 },
  )
})

test('given a page size, when it is not between 1 and 100, then it is refused and named', () => {
  for (const first of [0, -1, 101, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(() => parsePage({ first }, 'string')).toThrow(refusalOf('first'))
  }
  for (const after of [undefined, null]) {
    expect(parsePage({ first: maxPage, after }, 'string')).toEqual({ first: 100, after: null })
  }
})

const position = (n: number) => ({ value: n, id: `i${n}` })

test('given one item more than asked, when the connection is built, then it is not shown and tells of a next page', () => {
  const connection = toConnection([1, 2, 3], { first: 2, after: null }, position)
  expect(connection.nodes).toEqual([1, 2])
  expect(connection.edges.map(({ cursor, node }) => [cursor, node])).toEqual(
    [1, 2].map((n) => [toCursor(position(n)), n]),
  )
  expect(connection.pageInfo).toEqual({
    hasNextPage: true,
    hasPreviousPage: false,
    startCursor: toCursor(position(1)),
    endCursor: toCursor(position(2)),
  })
})

test('given no items, when the connection is built, then it has no cursors and no next page', () => {
  expect(toConnection([], { first: 2, after: position(9) }, position)).toEqual({
    nodes: [],
    edges: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
  })
})

test('given any list, when it is read page by page by its cursors, then each item comes once, in order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(1_000), { maxLength: 40 }), fc.integer({ min: 1, max: 10 }), (numbers, first) => {
      const list = numbers.toSorted((a, b) => a - b)
      const seen: number[] = []
      for (let after: string | null = null, more = true; more; ) {
        const page = parsePage({ first, after }, 'number')
        const from = page.after?.value ?? -1
        const { nodes, pageInfo } = toConnection(
          list.filter((n) => n > Number(from)).slice(0, first + 1),
          page,
          position,
        )
        seen.push(...nodes)
        ;({ hasNextPage: more, endCursor: after } = pageInfo)
      }
      expect(seen).toEqual(list)
    }),
  )
})
