import { failure } from '../errors.ts'
import { arrayOperators } from './arrays.ts'
import type { MakeChange } from './change.ts'
import { fieldOperators } from './fields.ts'
import { numberOperators } from './numbers.ts'

const operators: Readonly<Record<string, MakeChange>> = { ...fieldOperators, ...numberOperators, ...arrayOperators }

/** The maker of an operator's change; throws code 9 for an operator MongoDB does not have. */
export const changeOf = (operator: string): MakeChange => {
  const found = Object.hasOwn(operators, operator) ? operators[operator] : undefined
  if (found !== undefined) return found
  throw failure(
    'FailedToParse',
    `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
  )
}
