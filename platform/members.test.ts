import { expect, test } from 'vitest'
import type { SubgraphEndpoint } from './call.ts'
import { keepMembers } from './members.ts'

/** Members of one name whose addresses change as told; `stopped` has the addresses of those that were ended. */
const start = (graceMs: number) => {
  const stopped: (string | null)[] = []
  let tell = (_: readonly string[]): void => undefined
  const open = (_url: string, address: string | null) =>
    ({ stop: async () => void stopped.push(address) }) as unknown as SubgraphEndpoint
  const watch = (_host: string, told: typeof tell): void => {
    tell = told
  }
  const members = keepMembers({ urls: ['http://orders:4005/graphql'], open, addresses: { watch }, graceMs })
  return { members, stopped, become: (...found: string[]) => tell(found) }
}

test('given a member that leaves, then what it has under way may end before it is stopped, and one that stays is the same as before', async () => {
  const { members, stopped, become } = start(20)
  become('10.0.0.1', '10.0.0.2')
  const [, second] = members.all()
  become('10.0.0.2', '10.0.0.3')
  expect(members.all()).toHaveLength(2)
  expect(members.all()[0]).toBe(second)
  expect(stopped).toEqual([])
  await expect.poll(() => stopped).toEqual([null, '10.0.0.1'])
})

test('given members of which some are leaving, when the process stops, then all are stopped, each once', async () => {
  const { members, stopped, become } = start(60_000)
  become('10.0.0.1')
  become('10.0.0.2')
  await members.stop()
  expect(stopped.toSorted()).toEqual(['10.0.0.1', '10.0.0.2', null])
})

test('given a URL with an address instead of a name, then nobody looks it up', () => {
  const watched: string[] = []
  const open = () => ({ stop: async () => undefined }) as unknown as SubgraphEndpoint
  const addresses = { watch: (host: string) => void watched.push(host) }
  const urls = ['http://127.0.0.1:4005/graphql', 'http://localhost:4015/graphql', 'http://orders:4005/graphql']
  const { all } = keepMembers({ urls, open, addresses })
  expect([all().length, watched]).toEqual([3, ['orders']])
})
