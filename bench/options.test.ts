import { describe, expect, test } from 'vitest'
import { readOptions, UsageError } from './options.ts'

const names = ['list', 'detail', 'checkout']
const read = (...args: string[]) => readOptions(args, names)

describe('the command line', () => {
  test('given nothing, then everything at the usual levels against a shop of our own', () => {
    expect(read()).toEqual({ only: names, seconds: 5, runIn: 8, concurrency: [1, 16, 64], url: null, profile: false })
  })

  test('given choices, then they are cleaned and put in order', () => {
    expect(
      read(
        '--only',
        'checkout, list',
        '--seconds=2',
        '--run-in=0',
        '--concurrency',
        '8,2,8',
        '--url',
        'http://localhost:4000/',
      ),
    ).toEqual({
      only: ['list', 'checkout'],
      seconds: 2,
      runIn: 0,
      concurrency: [2, 8],
      url: 'http://localhost:4000',
      profile: false,
    })
  })

  test.each([
    [['--only', 'list,everything'], 'There is no scenario everything; there are list, detail, checkout.'],
    [['--seconds', '0'], '--seconds takes whole numbers from 1 to 3600, not "0".'],
    [['--run-in=-1'], '--run-in takes whole numbers from 0 to 3600, not "-1".'],
    [['--seconds', ''], '--seconds takes whole numbers from 1 to 3600, not "".'],
    [['--concurrency', '1,x'], '--concurrency takes whole numbers from 1 to 1000, not "x".'],
    [['--url', 'localhost'], '--url takes the address of a shop such as http://localhost:4000, not "localhost".'],
    [['--url', 'ftp://a'], '--url takes the address of a shop such as http://localhost:4000, not "ftp://a".'],
    [['--url', 'http://a', '--profile'], '--profile needs a shop of its own, so it does not go with --url.'],
  ])('given %j, then one sentence says what is wrong', (args, sentence) => {
    expect(() => read(...args)).toThrow(new UsageError(sentence))
  })

  test('given an unknown flag, then a usage error too', () => {
    expect(() => read('--fast')).toThrow(UsageError)
  })
})
