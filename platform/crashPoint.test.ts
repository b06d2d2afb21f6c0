import { afterEach, describe, expect, test } from 'vitest'
import { isTest, readRepository } from '../tests/architecture/repository.ts'
import { armCrashPoint, Crashed, crashPoint, crashPoints, parseCrashPlan } from './crashPoint.ts'

const point = 'payments.intentWritten'
let disarm = (): void => undefined
afterEach(() => disarm())

const arm = (...[plan]: Parameters<typeof armCrashPoint>) => {
  const armed = armCrashPoint(plan)
  disarm = armed.disarm
  return armed
}

describe('a crash point (R4)', () => {
  test('given nobody armed it, then it does nothing', async () => {
    await expect(crashPoint(point)).resolves.toBeUndefined()
  })

  test('given it is to throw the second time, then it throws then, and only then', async () => {
    arm({ point, nth: 2, way: 'throw' })
    await crashPoint(point)
    await crashPoint('payments.resultWritten')
    await expect(crashPoint(point)).rejects.toThrow(Crashed)
    await crashPoint(point)
  })

  test('given it is to hang, then it hangs until it is disarmed, and does not go on', async () => {
    const armed = arm({ point, nth: 1, way: 'hang' })
    const hanging = expect(crashPoint(point)).rejects.toThrow(Crashed)
    await armed.reached
    armed.disarm()
    await hanging
  })
})

describe('CRASH_AT', () => {
  test.each([
    [point, { point, nth: 1, way: 'kill' }],
    [`${point}:3`, { point, nth: 3, way: 'kill' }],
    [`${point}:hang`, { point, nth: 1, way: 'hang' }],
    [`${point}:2:throw`, { point, nth: 2, way: 'throw' }],
  ])('%s', (text, plan) => {
    expect(parseCrashPlan(text)).toEqual(plan)
  })

  test.each(['nowhere', `${point}:0`, `${point}:explode`, `${point}:1:kill:2`, ''])('refuses %j', (text) => {
    expect(parseCrashPlan(text)).toBeTypeOf('string')
  })
})

test('every declared crash point is reached somewhere in the code, and every one in the code is declared (R4)', () => {
  // The names are string literals, which the `code` of a source does not have any more: the text is read.
  const texts = [...readRepository().texts].filter(([path]) => path.endsWith('.ts') && !isTest(path))
  const used = new Set(
    texts.flatMap(([, text]) => [...text.matchAll(/\bcrashPoint\('([^']+)'\)/g)].map(([, name]) => name)),
  )
  expect([...used].sort()).toEqual(Object.keys(crashPoints).sort())
})
