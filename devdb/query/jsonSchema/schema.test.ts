import { Decimal128, Double, Long, ObjectId } from 'bson'
import { describe, expect, it } from 'vitest'
import type { Doc, Value } from '../../bson/values.ts'
import { parseSchema } from './schema.ts'

const holds: [schema: Doc, value: Value, expected: boolean][] = [
  [{}, 1, true],
  [{ bsonType: 'int' }, 1, true],
  [{ bsonType: 'int' }, new Double(1), false],
  [{ bsonType: ['int', 'string'] }, 'x', true],
  [{ bsonType: 'number' }, Long.ONE, true],
  [{ type: 'boolean' }, true, true],
  [{ type: 'object' }, new ObjectId(), false],
  [{ type: ['null', 'string'] }, null, true],
  [{ minimum: 2 }, Decimal128.fromString('2.0'), true],
  [{ minimum: 2, exclusiveMinimum: true }, 2, false],
  [{ maximum: 2 }, 'x', true],
  [{ maximum: 2 }, 3, false],
  [{ multipleOf: 0.1 }, 0.3, true],
  [{ multipleOf: 3 }, 7, false],
  [{ multipleOf: 3 }, Number.NaN, false],
  [{ minLength: 1 }, '\u{1F600}', true],
  [{ minLength: 2 }, '\u{1F600}', false],
  [{ maxLength: 1 }, 'ab', false],
  [{ pattern: '^a' }, 'ba', false],
  [{ pattern: '^a' }, 1, true],
  [{ enum: [{ a: 1, b: 2 }, 'x'] }, { b: 2, a: new Double(1) }, true],
  [{ enum: [1] }, [1], false],
  [{ minItems: 1 }, [], false],
  [{ maxItems: 1 }, [1, 2], false],
  [{ uniqueItems: true }, [1, { a: 1, b: 2 }, { b: 2, a: 1 }], false],
  [{ uniqueItems: true }, [1, '1'], true],
  [{ items: { bsonType: 'int' } }, [1, 'x'], false],
  [{ items: [{ bsonType: 'int' }] }, [1, 'x'], true],
  [{ items: [{ bsonType: 'int' }], additionalItems: false }, [1, 'x'], false],
  [{ items: [{ bsonType: 'int' }], additionalItems: { bsonType: 'string' } }, [1, 'x'], true],
  [{ additionalItems: false }, [1], true],
  [{ required: ['a'] }, {}, false],
  [{ required: ['a'] }, 1, true],
  [{ properties: { a: { bsonType: 'int' } } }, {}, true],
  [{ properties: { 'a.b': { bsonType: 'int' } } }, { a: { b: 'x' } }, true],
  [{ properties: { a: { required: ['b'] } } }, { a: {} }, false],
  [{ properties: { a: { bsonType: 'array' } } }, { a: [1] }, true],
  [{ patternProperties: { '^x': { bsonType: 'int' } } }, { xa: 's' }, false],
  [{ additionalProperties: false, properties: { a: {} } }, { a: 1, b: 1 }, false],
  [{ additionalProperties: false, patternProperties: { b: {} } }, { b: 1 }, true],
  [{ additionalProperties: { bsonType: 'int' } }, { a: 'x' }, false],
  [{ minProperties: 1 }, {}, false],
  [{ maxProperties: 1 }, { a: 1, b: 1 }, false],
  [{ dependencies: { a: ['b'] } }, { a: 1 }, false],
  [{ dependencies: { a: ['b'] } }, { c: 1 }, true],
  [{ dependencies: { a: { required: ['b'] } } }, { a: 1, b: 1 }, true],
  [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, 3, false],
  [{ anyOf: [{ minimum: 5 }, { maximum: 2 }] }, 3, false],
  [{ oneOf: [{ minimum: 1 }, { maximum: 5 }] }, 3, false],
  [{ oneOf: [{ minimum: 4 }, { maximum: 5 }] }, 3, true],
  [{ not: { bsonType: 'string' } }, 'x', false],
  [{ title: 't', description: 'd' }, 1, true],
]

describe('a JSON schema', () => {
  it.each(holds)('given %j and %j, then it answers %s', (schema, value, expected) => {
    expect(parseSchema(schema).holds(value)).toBe(expected)
    expect(parseSchema(schema).explain(value).length > 0).toBe(!expected)
  })

  it.each([
    [{ foo: 1 }, 9, 'Unknown $jsonSchema keyword: foo'],
    [{ $ref: 'x' }, 9, "'$ref' is not currently supported"],
    [{ encrypt: {} }, 238, 'encrypt'],
    [{ type: 'integer' }, 9, "type 'integer' is not currently supported"],
    [{ type: 'int' }, 2, 'Unknown type name alias: int'],
    [{ bsonType: 'x' }, 2, 'Unknown type name alias: x'],
    [{ bsonType: 1 }, 14, 'either a string or an array of strings'],
    [{ bsonType: [] }, 9, 'must name at least one type'],
    [{ type: 'object', bsonType: 'object' }, 9, 'Cannot specify both'],
    [{ minimum: 'x' }, 14, 'must be a number'],
    [{ minimum: 1, exclusiveMinimum: 1 }, 14, 'must be a boolean'],
    [{ exclusiveMaximum: true }, 9, "'maximum' must be a present"],
    [{ multipleOf: 0 }, 9, 'positive value'],
    [{ minLength: -1 }, 9, 'non-negative'],
    [{ pattern: 1 }, 14, 'must be a string'],
    [{ required: 1 }, 14, 'must be an array'],
    [{ required: [] }, 9, 'cannot be an empty array'],
    [{ required: [1] }, 14, 'array of strings'],
    [{ required: ['a', 'a'] }, 9, 'duplicate'],
    [{ properties: 1 }, 14, 'must be an object'],
    [{ properties: { a: 1 } }, 14, "property 'a' must be an object"],
    [{ enum: [] }, 9, 'empty array'],
    [{ enum: [1, new Double(1)] }, 9, 'duplicate'],
    [{ allOf: [] }, 2, 'non-empty array'],
    [{ anyOf: [1] }, 14, 'array of objects'],
    [{ not: 1 }, 14, 'must be an object'],
    [{ items: 1 }, 14, 'array or an object'],
    [{ additionalItems: 1 }, 14, 'object or a boolean'],
    [{ uniqueItems: 1 }, 14, 'must be a boolean'],
    [{ dependencies: { a: 1 } }, 14, 'either an object or an array'],
    [{ dependencies: { a: [] } }, 9, 'cannot be an empty array'],
    [{ dependencies: { a: ['b', 'b'] } }, 9, 'duplicate element: b'],
    [{ title: 1 }, 14, 'must be of type string'],
  ] as [Doc, number, string][])('given %j, then it is refused with %i', (schema, code, text) => {
    expect(() => parseSchema(schema)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }))
  })

  it.each([
    [
      { required: ['b', 'a'] },
      {},
      [{ operatorName: 'required', specifiedAs: { required: ['b', 'a'] }, missingProperties: ['a', 'b'] }],
    ],
    [
      { properties: { a: { bsonType: 'int', description: 'a number' } } },
      { a: 'x' },
      [
        {
          operatorName: 'properties',
          propertiesNotSatisfied: [
            {
              propertyName: 'a',
              description: 'a number',
              details: [
                {
                  operatorName: 'bsonType',
                  specifiedAs: { bsonType: 'int' },
                  reason: 'type did not match',
                  consideredValue: 'x',
                  consideredType: 'string',
                },
              ],
            },
          ],
        },
      ],
    ],
    [
      { additionalProperties: false },
      { a: 1 },
      [
        {
          operatorName: 'additionalProperties',
          specifiedAs: { additionalProperties: false },
          additionalProperties: ['a'],
        },
      ],
    ],
    [
      { oneOf: [{ minimum: 1 }, { maximum: 5 }] },
      3,
      [{ operatorName: 'oneOf', reason: 'more than one subschema matched', matchingSchemaIndexes: [0, 1] }],
    ],
    [
      { items: { minimum: 2 } },
      [2, 1],
      [
        {
          operatorName: 'items',
          reason: 'At least one item did not match the sub-schema',
          itemIndex: 1,
          details: [
            { operatorName: 'minimum', specifiedAs: { minimum: 2 }, reason: 'comparison failed', consideredValue: 1 },
          ],
        },
      ],
    ],
    [
      { dependencies: { a: ['b'] } },
      { a: 1 },
      [{ operatorName: 'dependencies', failingDependencies: [{ conditionalProperty: 'a', missingProperties: ['b'] }] }],
    ],
  ] as [Doc, Value, Doc[]][])('given %j and %j, then it says what is wrong', (schema, value, details) => {
    expect(parseSchema(schema).explain(value)).toEqual(details)
  })
})
