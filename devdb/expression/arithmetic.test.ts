import { Decimal128, Double, Long } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Value } from '../bson/values.ts'
import { read } from './testing.ts'

const long = (text: string) => Long.fromString(text)
const decimal = (text: string) => Decimal128.fromString(text)
const double = (value: number) => new Double(value)

const cases: readonly (readonly [unknown, string])[] = [
  [{ $add: [] }, 'int 0'],
  [{ $add: [1, 2] }, 'int 3'],
  [{ $add: 5 }, 'int 5'],
  [{ $add: [2147483647, 1] }, 'long 2147483648'],
  [{ $add: [2147483647, 1, -1] }, 'int 2147483647'],
  [{ $add: [long('9007199254740993'), 1] }, 'long 9007199254740994'],
  [{ $add: [long('9223372036854775807'), 1] }, 'double 9223372036854776000'],
  [{ $add: [1, double(2)] }, 'double 3'],
  [{ $add: [double(-0), double(-0)] }, 'double 0'],
  [{ $add: [0.1, decimal('0.2')] }, 'decimal 0.300000000000000'],
  [{ $add: [decimal('9999999999999999999999999999999999'), 1] }, 'decimal 1.000000000000000000000000000000000E+34'],
  [{ $add: [Number.NaN, 1] }, 'double NaN'],
  [{ $add: [1, null] }, 'null'],
  [{ $add: [1, '$missing'] }, 'null'],
  [{ $add: [null, 'text'] }, 'null'],
  [{ $add: ['text', null] }, 'error 14'],
  [{ $add: [new Date(5), 1000] }, 'date 1970-01-01T00:00:01.005Z'],
  [{ $add: [2, new Date(5), 2.5] }, 'date 1970-01-01T00:00:00.010Z'],
  [{ $add: [new Date(5), new Date(6)] }, 'error 16612'],
  [{ $add: [new Date(8.64e15), 1] }, 'error 15'],
  [{ $subtract: [5, 7] }, 'int -2'],
  [{ $subtract: [-2147483648, 1] }, 'long -2147483649'],
  [{ $subtract: [long('-9223372036854775808'), 1] }, 'double -9223372036854776000'],
  [{ $subtract: [decimal('1.10'), 1] }, 'decimal 0.10'],
  [{ $subtract: [new Date(5000), new Date(2000)] }, 'long 3000'],
  [{ $subtract: [new Date(5000), 1000.9] }, 'date 1970-01-01T00:00:04.000Z'],
  [{ $subtract: [1000, new Date(5000)] }, 'error 14'],
  [{ $subtract: [1] }, 'error 16020'],
  [{ $subtract: [1, '$missing'] }, 'null'],
  [{ $multiply: [] }, 'int 1'],
  [{ $multiply: [65536, 65536] }, 'long 4294967296'],
  [{ $multiply: [long('4294967296'), long('4294967296')] }, 'double 18446744073709552000'],
  [{ $multiply: [decimal('1.1'), decimal('1.1')] }, 'decimal 1.21'],
  [{ $multiply: [decimal('9E+6144'), 10] }, 'decimal Infinity'],
  [{ $multiply: [2, 'x'] }, 'error 14'],
  [{ $divide: [6, 3] }, 'double 2'],
  [{ $divide: [1, 3] }, 'double 0.3333333333333333'],
  [{ $divide: [decimal('1'), 3] }, 'decimal 0.3333333333333333333333333333333333'],
  [{ $divide: [decimal('2'), decimal('3')] }, 'decimal 0.6666666666666666666666666666666667'],
  [{ $divide: [decimal('1.00'), 4] }, 'decimal 0.25'],
  [{ $divide: [1, 0] }, 'error 2'],
  [{ $divide: [1, double(-0)] }, 'error 2'],
  [{ $divide: ['1', 1] }, 'error 14'],
  [{ $divide: [null, 0] }, 'null'],
  [{ $mod: [7, 3] }, 'int 1'],
  [{ $mod: [-7, 3] }, 'int -1'],
  [{ $mod: [7, double(3)] }, 'int 1'],
  [{ $mod: [double(7), 3] }, 'double 1'],
  [{ $mod: [7, 2.5] }, 'double 2'],
  [{ $mod: [long('9007199254740993'), 2] }, 'long 1'],
  [{ $mod: [decimal('7.5'), 2] }, 'decimal 1.5'],
  [{ $mod: [7, 0] }, 'error 16610'],
  [{ $mod: ['7', 2] }, 'error 16611'],
  [{ $abs: -5 }, 'int 5'],
  [{ $abs: -2147483648 }, 'long 2147483648'],
  [{ $abs: long('-9223372036854775808') }, 'error 28680'],
  [{ $abs: double(-0) }, 'double 0'],
  [{ $abs: decimal('-1.10') }, 'decimal 1.10'],
  [{ $abs: 'x' }, 'error 28765'],
  [{ $ceil: 1.2 }, 'double 2'],
  [{ $ceil: -0.5 }, 'double -0'],
  [{ $ceil: 3 }, 'int 3'],
  [{ $floor: decimal('-1.5') }, 'decimal -2'],
  [{ $round: 2.5 }, 'double 2'],
  [{ $round: [3.5] }, 'double 4'],
  [{ $round: [-0.4] }, 'double -0'],
  [{ $round: [19.25, 1] }, 'double 19.2'],
  [{ $round: [decimal('1.298'), 100] }, 'decimal 1.298000000000000000000000000000000'],
  [{ $trunc: [decimal('12E+30'), 20] }, 'decimal 12000000000000000000000000000000.00'],
  [{ $round: [1234, -2] }, 'int 1200'],
  [{ $round: [2147483647, -1] }, 'long 2147483650'],
  [{ $round: [long('9223372036854775807'), -1] }, 'error 51080'],
  [{ $round: [decimal('2.345'), 2] }, 'decimal 2.34'],
  [{ $round: [1, 1.5] }, 'error 51082'],
  [{ $round: [1, 101] }, 'error 51083'],
  [{ $round: [1, null] }, 'null'],
  [{ $round: [1, 2, 3] }, 'error 28667'],
  [{ $trunc: [-19.29, 1] }, 'double -19.2'],
  [{ $trunc: Number.NaN }, 'double NaN'],
  [{ $sqrt: 25 }, 'double 5'],
  [{ $sqrt: decimal('2') }, 'decimal 1.414213562373095048801688724209698'],
  [{ $sqrt: decimal('6.25') }, 'decimal 2.5'],
  [{ $sqrt: -1 }, 'error 28714'],
  [{ $exp: 0 }, 'double 1'],
  [{ $exp: decimal('1') }, 'decimal 2.718281828459045235360287471352662'],
  [{ $exp: decimal('0') }, 'decimal 1'],
  [{ $ln: decimal('10') }, 'decimal 2.302585092994045684017991454684364'],
  [{ $ln: 0 }, 'error 28766'],
  [{ $log10: 1000 }, 'double 3'],
  [{ $log10: decimal('1E+20') }, 'decimal 20'],
  [{ $log: [decimal('8'), 2] }, 'decimal 3'],
  [{ $log: [8, 1] }, 'error 28759'],
  [{ $log: ['8', 2] }, 'error 28756'],
  [{ $pow: [2, 10] }, 'int 1024'],
  [{ $pow: [2, 31] }, 'long 2147483648'],
  [{ $pow: [2, 63] }, 'double 9223372036854776000'],
  [{ $pow: [-2, 63] }, 'long -9223372036854775808'],
  [{ $pow: [2, -1] }, 'double 0.5'],
  [{ $pow: [-1, 1000001] }, 'int -1'],
  [{ $pow: [0, 100] }, 'int 0'],
  [{ $pow: [0, -1] }, 'error 28764'],
  [{ $pow: [decimal('1.1'), 2] }, 'decimal 1.210000000000000000000000000000000'],
  [{ $pow: [5, decimal('-112')] }, 'decimal 5.192296858534827628530496329220096E-79'],
  [{ $ln: decimal('1') }, 'decimal 0'],
  [{ $mod: [Long.fromNumber(500_000_000_000), 450_000_000_000] }, 'double 50000000000'],
  [{ $pow: [decimal('2'), decimal('0.5')] }, 'decimal 1.414213562373095048801688724209698'],
  [{ $bitAnd: [6, 3] }, 'int 2'],
  [{ $bitAnd: [] }, 'int -1'],
  [{ $bitOr: [1, long('4294967296')] }, 'long 4294967297'],
  [{ $bitXor: [5, 1, 1] }, 'int 5'],
  [{ $bitNot: 0 }, 'int -1'],
  [{ $bitNot: long('0') }, 'long -1'],
  [{ $bitOr: [1, double(2)] }, 'error 14'],
  [{ $bitOr: [1, null] }, 'null'],
  [{ $sin: 0 }, 'double 0'],
  [{ $sin: decimal('1') }, 'decimal 0.841470984807896506652502321630299'],
  [{ $cos: decimal('1') }, 'decimal 0.5403023058681397174009366074429766'],
  [{ $atan2: [decimal('1'), -1] }, 'decimal 2.356194490192344928846982537459627'],
  [{ $acos: decimal('0') }, 'decimal 1.570796326794896619231321691639751'],
  [{ $tanh: decimal('0.5') }, 'decimal 0.4621171572600097585023184836436725'],
  [{ $acos: 2 }, 'error 50989'],
  [{ $asin: decimal('-1') }, 'decimal -1.570796326794896619231321691639751'],
  [{ $atan: decimal('1') }, 'decimal 0.7853981633974483096156608458198757'],
  [{ $acosh: 1 }, 'double 0'],
  [{ $acosh: 0.5 }, 'error 50989'],
  [{ $asinh: decimal('0') }, 'decimal 0'],
  [{ $sinh: decimal('1') }, 'decimal 1.175201193643801456882381850595601'],
  [{ $cosh: decimal('0') }, 'decimal 1'],
  [{ $radiansToDegrees: Math.PI }, 'double 180'],
  [{ $sin: Number.POSITIVE_INFINITY }, 'error 50989'],
  [{ $atanh: 1 }, 'double Infinity'],
  [{ $degreesToRadians: decimal('180') }, 'decimal 3.141592653589793238462643383279503'],
  [{ $tan: 'x' }, 'error 28765'],
]

describe('arithmetic', () => {
  it.each(cases)('%j is %s', (spec, expected) => {
    expect(read(spec)).toBe(expected)
  })

  it('given a decimal whose ceiling needs 35 digits, then it is rounded to fewer', () => {
    expect(read({ $ceil: decimal('1.000000000000000000000000000000001') })).toBe('decimal 2')
  })

  it('given any numbers, when added in another order, then the sum and its type are the same', () => {
    const whole = fc.oneof(
      fc.integer(),
      fc.bigInt({ min: -(2n ** 61n), max: 2n ** 61n }).map((value) => Long.fromBigInt(value)),
      fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((value) => decimal(`${value}E-3`)),
    )
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        expect(read({ $add: [a, b] })).toBe(read({ $add: [b, a] }))
        expect(read({ $multiply: [a, b] })).toBe(read({ $multiply: [b, a] }))
      }),
    )
  })

  it('given any number, when it is subtracted and added again, then an int64 comes back exactly', () => {
    const wide = fc.bigInt({ min: -(2n ** 61n), max: 2n ** 61n }).map((value) => Long.fromBigInt(value))
    fc.assert(
      fc.property(wide, wide, (a, b) => {
        expect(read({ $add: [{ $subtract: [a, b] }, b] } as unknown as Value)).toBe(`long ${a}`)
      }),
    )
  })
})
