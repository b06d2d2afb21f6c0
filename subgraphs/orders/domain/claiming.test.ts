import { describe, expect, test } from 'vitest'
import { claim, claimKeyOf } from './claiming.ts'
import { anOrder, placedAt } from './testing.ts'

const guestId = 'gst_01ARZ3NDEKTSV4RRFFQ69G5FG1'
const ofGuest = { ...anOrder(), ownerId: guestId, email: ' Ada@Example.test' }
const ada = { accountId: 'usr_1', email: 'ada@example.test', guestIds: [] }

describe('claiming the order of a guest', () => {
  test("given the address of the order, in whatever case, when its owner claims it, then it is the account's and the guest's, and says so", () => {
    const after = claim(ofGuest, ada, placedAt + 1)
    expect(after).toMatchObject({ ownerId: guestId, claimedBy: 'usr_1' })
    expect(after.events.at(-1)).toEqual({ seq: 2, event: 'OrderClaimed', at: placedAt + 1 })
    expect(claimKeyOf(after)).toBeNull()
  })

  test("given another address, when the same guest has signed in to the account, then it is the account's too", () => {
    const eve = { accountId: 'usr_2', email: 'eve@example.test', guestIds: [guestId] }
    expect(claim(ofGuest, eve, placedAt).claimedBy).toBe('usr_2')
    expect(claim(ofGuest, { ...eve, guestIds: [] }, placedAt)).toBe(ofGuest)
  })

  test('given an order that was claimed, or that an account placed, when it is claimed, then nothing changes', () => {
    const claimed = claim(ofGuest, ada, placedAt)
    expect(claim(claimed, ada, placedAt)).toBe(claimed)
    expect(claim(claimed, { ...ada, accountId: 'usr_2' }, placedAt)).toBe(claimed)
    const own = { ...ofGuest, ownerId: 'usr_3' }
    expect(claim(own, ada, placedAt)).toBe(own)
  })
})
