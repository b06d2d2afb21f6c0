import { expect, onTestFinished, test } from 'vitest'
import { isName, type Lookup, mostAddresses, watchAddresses } from './addresses.ts'
import { makeLog } from './log.ts'

const log = makeLog('silent')

test.each([
  ['orders', true],
  ['orders.shop.svc.cluster.local', true],
  ['localhost', false],
  ['10.0.0.7', false],
  ['[::1]', false],
])('given the host %s, then others may stand behind it: %s', (host, expected) => {
  expect(isName(host)).toBe(expected)
})

test('given several names, one of which is answered late, then one is asked after the other, and each who watches one is told in order', async () => {
  const late = Promise.withResolvers<string[]>()
  let [underWay, most] = [0, 0]
  const lookup: Lookup = async (host) => {
    underWay += 1
    most = Math.max(most, underWay)
    const found = host === 'slow' ? await late.promise : ['10.0.0.2', '10.0.0.1', '10.0.0.2']
    underWay -= 1
    return found
  }
  const addresses = watchAddresses({ lookup, log, everyMs: 1 })
  onTestFinished(addresses.stop)
  const told: string[] = []
  for (const [host, name] of [
    ['slow', 'a'],
    ['fast', 'b'],
    ['fast', 'c'],
  ] as const)
    addresses.watch(host, (found) => void told.push(`${name}: ${found}`))
  late.resolve(['10.0.0.9'])
  await expect.poll(() => told.length).toBeGreaterThan(5)
  expect(told.slice(0, 3)).toEqual(['a: 10.0.0.9', 'b: 10.0.0.1,10.0.0.2', 'c: 10.0.0.1,10.0.0.2'])
  expect(most).toBe(1)
})

test('given a name with more addresses than anybody has pods, then there is a bound', async () => {
  const lookup: Lookup = async () => Array.from({ length: mostAddresses + 10 }, (_, n) => `10.0.0.${n}`)
  const addresses = watchAddresses({ lookup, log })
  onTestFinished(addresses.stop)
  const found = await new Promise<readonly string[]>((resolve) => addresses.watch('many', resolve))
  expect(found).toHaveLength(mostAddresses)
})
