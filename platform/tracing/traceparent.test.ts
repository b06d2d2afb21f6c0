import { expect, test } from 'vitest'
import { contextOf, traceparentOf } from './traceparent.ts'

const place = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', isSampled: true }

test('given a place in a trace, when written and read, then it is the same', () => {
  expect(contextOf(traceparentOf(place))).toEqual(place)
  expect(contextOf(traceparentOf({ ...place, isSampled: false }))).toEqual({ ...place, isSampled: false })
})

test.each([
  '',
  'nonsense',
  `01-${place.traceId}-${place.spanId}-01`,
  `00-${place.traceId}-${place.spanId}-01-more`,
  `00-${'0'.repeat(32)}-${place.spanId}-01`,
  `00-${place.traceId}-${'0'.repeat(16)}-01`,
  `00-${place.traceId.toUpperCase()}-${place.spanId}-01`,
])('given "%s", then it is no place in a trace', (text) => {
  expect(contextOf(text)).toBeNull()
})
