import { expect, onTestFinished, test } from 'vitest'
import { gauge, registry } from './kinds.ts'

const state = gauge({ name: 'test_state', help: 'for this test', labels: ['kind'] })
const shown = async () => (await registry.getSingleMetricAsString('test_state')).split('\n').slice(2)

test('given several who tell a state, when somebody looks, then equal labels add up, and who has left tells no more', async () => {
  const leave = state.watch(() => [{ labels: { kind: 'a' }, value: 1 }])
  onTestFinished(state.watch(async () => [{ labels: { kind: 'a' }, value: 2 }]))
  expect(await shown()).toEqual(['test_state{kind="a"} 3'])
  leave()
  expect(await shown()).toEqual(['test_state{kind="a"} 2'])
})

test('given a reading that fails, then the others are shown', async () => {
  onTestFinished(state.watch(() => Promise.reject(new Error('away'))))
  onTestFinished(state.watch(() => [{ labels: { kind: 'b' }, value: 1 }]))
  expect(await shown()).toEqual(['test_state{kind="b"} 1'])
})
