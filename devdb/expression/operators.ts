import { accumulatedOperators } from './accumulators/accumulated.ts'
import { arithmeticOperators } from './arithmetic.ts'
import { arrayShapeOperators } from './arrayShapes.ts'
import { arrayOperators } from './arrays.ts'
import { bindingOperators } from './binding.ts'
import { bitwiseOperators } from './bitwise.ts'
import { comparisonOperators } from './comparison.ts'
import { conditionalOperators } from './conditional.ts'
import { dateArithmeticOperators } from './dates/dateArithmetic.ts'
import { datePartOperators } from './dates/dateParts.ts'
import { dateShapeOperators } from './dates/dateShapes.ts'
import { numericOperators } from './numeric.ts'
import { objectOperators } from './objects.ts'
import type { Operator, Operators } from './operands.ts'
import { regexOperators } from './regexes.ts'
import { replacingOperators } from './replacing.ts'
import { setOperators } from './sets.ts'
import { specialOperators } from './special.ts'
import { stringOperators } from './strings.ts'
import { trigonometryOperators } from './trigonometry.ts'
import { typeOperators } from './types.ts'

const tables: readonly Operators[] = [
  accumulatedOperators,
  arithmeticOperators,
  arrayShapeOperators,
  arrayOperators,
  bindingOperators,
  bitwiseOperators,
  comparisonOperators,
  conditionalOperators,
  dateArithmeticOperators,
  datePartOperators,
  dateShapeOperators,
  numericOperators,
  objectOperators,
  regexOperators,
  replacingOperators,
  setOperators,
  specialOperators,
  stringOperators,
  trigonometryOperators,
  typeOperators,
]

/** Every operator of an expression, by its name with the dollar. */
export const operators: ReadonlyMap<string, Operator> = new Map(tables.flatMap((table) => Object.entries(table)))
