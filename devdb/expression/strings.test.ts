import { BSONRegExp, Decimal128, Double, Long } from 'bson'
import { describe, expect, it } from 'vitest'
import { caseless, read } from './testing.ts'

const text = 'Zoë 👍 café'

const cases: readonly (readonly [unknown, string])[] = [
  [{ $concat: ['a', 'b'] }, 'string ab'],
  [{ $concat: [] }, 'string '],
  [{ $concat: ['a', '$missing'] }, 'null'],
  [{ $concat: ['a', 1] }, 'error 16702'],
  [{ $toUpper: 'straße é' }, 'string STRAßE é'],
  [{ $toLower: 'ÀB' }, 'string Àb'],
  [{ $toLower: null }, 'string '],
  [{ $toUpper: new Date(0) }, 'string 1970-01-01T00:00:00.000Z'],
  [{ $toUpper: true }, 'error 16007'],
  [{ $strLenBytes: text }, 'int 15'],
  [{ $strLenCP: text }, 'int 10'],
  [{ $strLenCP: null }, 'error 34471'],
  [{ $strLenBytes: '$missing' }, 'error 34473'],
  [{ $substrCP: [text, 4, 1] }, 'string 👍'],
  [{ $substrCP: [text, 20, 1] }, 'string '],
  [{ $substrCP: ['abc', -1, 1] }, 'error 34455'],
  [{ $substrCP: ['abc', 0, -1] }, 'error 34454'],
  [{ $substrCP: ['abc', 0.5, 1] }, 'error 34451'],
  [{ $substrCP: ['abc', 'x', 1] }, 'error 34450'],
  [{ $substrBytes: ['hello', 1, 3] }, 'string ell'],
  [{ $substr: ['hello', 2, -1] }, 'string llo'],
  [{ $substrBytes: ['hello', 9, 3] }, 'string '],
  [{ $substrBytes: [text, 3, 1] }, 'error 28656'],
  [{ $substrBytes: [text, 2, 1] }, 'error 28657'],
  [{ $substrBytes: ['hello', -1, 3] }, 'error 50752'],
  [{ $substrBytes: [12345, 1, 2] }, 'string 23'],
  [{ $substrBytes: ['a', 1] }, 'error 16020'],
  [{ $indexOfBytes: [text, 'caf'] }, 'int 10'],
  [{ $indexOfCP: [text, 'caf'] }, 'int 6'],
  [{ $indexOfCP: ['abcabc', 'c', 3] }, 'int 5'],
  [{ $indexOfCP: ['abcabc', 'c', 3, 5] }, 'int -1'],
  [{ $indexOfBytes: ['abcabc', 'c', 9] }, 'int -1'],
  [{ $indexOfBytes: ['abc', ''] }, 'int 0'],
  [{ $indexOfBytes: [null, 'c'] }, 'null'],
  [{ $indexOfBytes: [1, 'c'] }, 'error 40091'],
  [{ $indexOfCP: ['c', 1] }, 'error 40094'],
  [{ $indexOfCP: ['c', 'c', -1] }, 'error 40097'],
  [{ $indexOfCP: ['c', 'c', 'x'] }, 'error 40096'],
  [{ $split: ['a-b--c', '-'] }, '[string a, string b, string , string c]'],
  [{ $split: ['', '-'] }, '[string ]'],
  [{ $split: ['abc', ''] }, 'error 40087'],
  [{ $split: [1, '-'] }, 'error 40085'],
  [{ $strcasecmp: ['ABC', 'abd'] }, 'int -1'],
  [{ $strcasecmp: ['é', 'É'] }, 'int 1'],
  [{ $strcasecmp: ['13', 13] }, 'int 0'],
  [{ $trim: { input: '  a b\n' } }, 'string a b'],
  [{ $ltrim: { input: 'xxaxx', chars: 'x' } }, 'string axx'],
  [{ $rtrim: { input: 'a👍é', chars: 'é👍' } }, 'string a'],
  [{ $trim: { input: null } }, 'null'],
  [{ $trim: { input: 1 } }, 'error 50699'],
  [{ $trim: { input: 'a', chars: 1 } }, 'error 50700'],
  [{ $trim: 'a' }, 'error 50696'],
  [{ $trim: { chars: 'a' } }, 'error 50695'],
  [{ $trim: { input: 'a', other: 1 } }, 'error 50694'],
  [{ $replaceOne: { input: 'a.b.c', find: '.', replacement: { $literal: '$&' } } }, 'string a$&b.c'],
  [{ $replaceAll: { input: 'a.b.c', find: '.', replacement: '-' } }, 'string a-b-c'],
  [{ $replaceAll: { input: 'ab', find: '', replacement: '-' } }, 'string -a-b-'],
  [{ $replaceAll: { input: null, find: 'a', replacement: 'b' } }, 'null'],
  [{ $replaceAll: { input: 1, find: 'a', replacement: 'b' } }, 'error 51746'],
  [{ $replaceAll: { input: 'a', find: 'a' } }, 'error 51747'],
  [{ $regexMatch: { input: 'Hello', regex: 'hel', options: 'i' } }, 'bool true'],
  [{ $regexMatch: { input: null, regex: 'a' } }, 'bool false'],
  [
    { $regexFind: { input: '👍 ab12', regex: '([a-z]+)(\\d)?(x)?' } },
    '{match: string ab1, idx: int 2, captures: [string ab, string 1, null]}',
  ],
  [{ $regexFind: { input: 'x', regex: 'y' } }, 'null'],
  [{ $regexMatch: { input: 'x', regex: '[0-9' } }, 'error 51111'],
  [
    { $regexFindAll: { input: 'a1b2', regex: new BSONRegExp('[a-z]', '') } },
    '[{match: string a, idx: int 0, captures: []}, {match: string b, idx: int 2, captures: []}]',
  ],
  [
    { $regexFindAll: { input: 'ab', regex: 'x*' } },
    '[{match: string , idx: int 0, captures: []}, {match: string , idx: int 1, captures: []}]',
  ],
  [{ $regexFindAll: { input: null, regex: 'x' } }, '[]'],
  [{ $regexMatch: { input: 1, regex: 'a' } }, 'error 51104'],
  [{ $regexMatch: { input: 'a', regex: 1 } }, 'error 51105'],
  [{ $regexMatch: { input: 'a', regex: 'a', options: 1 } }, 'error 51106'],
  [{ $regexMatch: { input: 'a', regex: new BSONRegExp('a', 'i'), options: 'm' } }, 'error 51107'],
  [{ $regexMatch: { input: 'a', regex: 'a', options: 'z' } }, 'error 51108'],
  [{ $regexMatch: { input: 'a' } }, 'error 31023'],
  [{ $regexMatch: 'a' }, 'error 51103'],
  [{ $toString: 2.5 }, 'string 2.5'],
  [{ $toString: 0.1 + 0.2 }, 'string 0.3'],
  [{ $toString: 1e21 }, 'string 1e+21'],
  [{ $toString: 0.00001 }, 'string 1e-05'],
  [{ $toString: new Double(5) }, 'string 5'],
  [{ $toString: Long.MAX_VALUE }, 'string 9223372036854775807'],
  [{ $toString: Decimal128.fromString('1.10') }, 'string 1.10'],
]

describe('strings', () => {
  it.each(cases)('%j is %s', (spec, expected) => {
    expect(read(spec)).toBe(expected)
  })

  it('given a caseless collation, then comparisons honour it and byte searches do not', () => {
    expect(read({ $eq: ['$a', 'STRING'] }, { a: 'string' }, caseless)).toBe('bool true')
    expect(read({ $eq: [{ b: ['$a'] }, { b: ['A'] }] }, { a: 'a' }, caseless)).toBe('bool true')
    expect(read({ $in: ['$a', ['X', 'A']] }, { a: 'a' }, caseless)).toBe('bool true')
    expect(read({ $indexOfCP: ['$a', 'A'] }, { a: 'a' }, caseless)).toBe('int -1')
    expect(read({ $setUnion: [['a', 'A'], ['b']] }, {}, caseless)).toBe('[string a, string b]')
  })
})
