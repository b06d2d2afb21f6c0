import { expect, test } from 'vitest'
import { refuseVariables } from './inputs.ts'
import { limits } from './limits.ts'

const list = (length: number): number[] => Array.from({ length }, () => 1)

test('given lists of 250 in variables, then they pass; one more is refused with its count, however deep it lies (threat: GraphQL)', () => {
  expect(refuseVariables({ ids: list(limits.inputList), input: { lines: list(limits.inputList) } })).toBeNull()
  expect(refuseVariables({ input: { lines: [{ ids: list(limits.inputList + 1) }] } })?.extensions).toEqual({
    code: 'DOCUMENT_TOO_COMPLEX',
    limit: 'inputList',
    max: 250,
    actual: 251,
  })
})

test('given 45,000 lists inside each other, then they are refused without a deep call', () => {
  const variables = JSON.parse(`{ "x": ${'['.repeat(45_000)}${']'.repeat(45_000)} }`)
  expect(refuseVariables(variables)?.extensions).toMatchObject({ limit: 'inputDepth' })
})

test('given values without parts, then they pass', () => {
  expect(refuseVariables({ a: null, b: 'x', c: 1, d: {}, e: [] })).toBeNull()
})
