import { expect, test } from 'vitest'
import { eraseBuyer } from './erasure.ts'
import { anOrder } from './testing.ts'

test('given an order, when its buyer is erased, then nothing personal is left and the books stay', () => {
  const order = anOrder()
  const after = eraseBuyer(order)
  const text = JSON.stringify([after.email, after.shippingAddress, after.billingAddress])
  for (const personal of ['ada@example.test', 'Ada Lovelace', 'St James', 'London', 'SW1Y'])
    expect(text).not.toContain(personal)
  expect(after.shippingAddress.countryCode).toBe('GB')
  const { email: _, shippingAddress: __, billingAddress: ___, ...books } = after
  expect(order).toMatchObject(books)
  expect(eraseBuyer(after)).toBe(after)
})
