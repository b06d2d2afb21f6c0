import { expect, test } from 'vitest'
import type { Bus } from './bus.ts'

/** What every bus must do; run by the tests of each adapter. */
export const busContract = (name: string, make: () => Promise<Bus>): void => {
  const listen = (bus: Bus, topic: string) => {
    let calls = 0
    let arrived = Promise.withResolvers<void>()
    const leave = bus.subscribe(topic, () => {
      calls += 1
      arrived.resolve()
    })
    return {
      leave,
      calls: () => calls,
      next: async () => {
        await arrived.promise
        arrived = Promise.withResolvers()
      },
    }
  }

  test(`${name}: given two subscribers, when a topic is published, then both hear it and others do not`, async () => {
    const bus = await make()
    const [a, b, other] = [listen(bus, 'cart:1'), listen(bus, 'cart:1'), listen(bus, 'cart:2')]
    bus.publish('cart:1')
    await Promise.all([a.next(), b.next()])
    expect([a.calls(), b.calls(), other.calls()]).toEqual([1, 1, 0])
    await bus.stop()
  })

  test(`${name}: given two subscribers, when one leaves, then the other still hears and the first does not`, async () => {
    const bus = await make()
    const [a, b] = [listen(bus, 'cart:1'), listen(bus, 'cart:1')]
    a.leave()
    a.leave()
    bus.publish('cart:1')
    await b.next()
    expect([a.calls(), b.calls()]).toEqual([0, 1])
    await bus.stop()
  })

  test(`${name}: given the same function subscribed twice, when one subscription ends, then the other stands`, async () => {
    const bus = await make()
    let calls = 0
    const listener = () => {
      calls += 1
    }
    const leave = bus.subscribe('t', listener)
    bus.subscribe('t', listener)
    const witness = listen(bus, 't')
    leave()
    bus.publish('t')
    await witness.next()
    expect(calls).toBe(1)
    await bus.stop()
  })

  test(`${name}: given nobody listens, when a topic is published twice, then nothing fails`, async () => {
    const bus = await make()
    bus.publish('silence')
    bus.publish('silence')
    const late = listen(bus, 'silence')
    bus.publish('silence')
    await late.next()
    expect(late.calls()).toBe(1)
    await bus.stop()
  })
}
