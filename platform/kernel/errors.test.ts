import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Kind, parse } from 'graphql'
import { expect, test } from 'vitest'
import { errorCodes, isShopError, refuseIfAny, ShopError } from './errors.ts'

const shared = join(import.meta.dirname, '../../schema/shared.graphql')

test('given the published schema, when its error codes are compared with ours, then both lists are the same (R17)', async () => {
  const { definitions } = parse(await readFile(shared, 'utf8'))
  const published = definitions.flatMap((node) =>
    node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'ErrorCode' ? [...(node.values ?? [])] : [],
  )
  expect(published.map(({ name }) => name.value)).toEqual([...errorCodes])
  expect(published.filter(({ description }) => !description)).toEqual([])
  expect(errorCodes.toSorted()).toEqual([...errorCodes])
})

test('given each code, when it is asked whether to try again, then only passing troubles say yes (R17)', () => {
  expect(errorCodes.filter((code) => new ShopError(code, 'text').retryable)).toEqual([
    'CONFLICT',
    'IN_PROGRESS',
    'PAYMENT_UNAVAILABLE',
    'RATE_LIMITED',
    'UNAVAILABLE',
  ])
})

test('given several problems, when they are refused together, then the first gives the code and all are kept', () => {
  const problems = [
    { code: 'OUT_OF_STOCK', message: 'Only 3 left.', field: ['input', 'quantity'] },
    { code: 'BAD_USER_INPUT', message: 'No.', field: ['input', 'name'] },
    { code: 'CONFLICT', message: 'Again.' },
  ] as const
  const refuse = () => refuseIfAny(problems)
  expect(refuse).toThrow(ShopError)
  expect(refuse).toThrow(
    expect.objectContaining({ code: 'OUT_OF_STOCK', message: 'Only 3 left.', retryable: false, problems }),
  )
  expect(() => refuseIfAny([])).not.toThrow()
})

test('given something thrown, when it is looked at, then only a ShopError counts as a refusal', () => {
  expect(isShopError(new ShopError('NOT_FOUND', 'There is no such cart.'))).toBe(true)
  for (const other of [new Error('NOT_FOUND'), { code: 'NOT_FOUND', problems: [] }, 'NOT_FOUND', null, undefined]) {
    expect(isShopError(other)).toBe(false)
  }
})
