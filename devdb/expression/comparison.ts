import {
  binary,
  constantOf,
  constantValue,
  folded,
  isTruthy,
  type Operator,
  type Operators,
  operandsOf,
  unary,
} from './operands.ts'
import { compareValues } from './order.ts'

const comparing = (accepts: (order: number) => boolean): Operator =>
  binary((a, b, _name, { collation }) => accepts(compareValues(a, b, collation)))

/** `$and` and `$or` stop at the operand that decides; constant operands decide at once. */
const deciding =
  (decisive: boolean): Operator =>
  (spec, parser) => {
    const operands = operandsOf(spec, parser)
    const decided = operands.some((operand) => operand.constant && isTruthy(constantValue(operand)) === decisive)
    if (decided) return constantOf(decisive)
    return folded(operands, (env) => {
      for (const operand of operands) if (isTruthy(operand.evaluate(env)) === decisive) return decisive
      return !decisive
    })
  }

export const comparisonOperators: Operators = {
  $cmp: binary((a, b, _name, { collation }) => Math.sign(compareValues(a, b, collation)) + 0),
  $eq: comparing((order) => order === 0),
  $ne: comparing((order) => order !== 0),
  $gt: comparing((order) => order > 0),
  $gte: comparing((order) => order >= 0),
  $lt: comparing((order) => order < 0),
  $lte: comparing((order) => order <= 0),
  $and: deciding(false),
  $or: deciding(true),
  $not: unary((value) => !isTruthy(value)),
}
