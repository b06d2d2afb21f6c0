import type { Address } from '#kernel/address.ts'
import type { Order } from './order.ts'

const erased = 'erased'

/** The country stays: taxes were reckoned by it. */
const eraseAddress = ({ countryCode }: Address): Address => ({
  name: erased,
  line1: erased,
  line2: null,
  city: erased,
  region: null,
  postalCode: null,
  countryCode,
  phone: null,
})

/** No address that anybody can have (RFC 2606). */
export const erasedEmail = 'erased@closed.invalid'

/** The order without anything that tells who bought: what was sold, when and for how much stays in the books. Again: unchanged. */
export const eraseBuyer = (order: Order): Order =>
  order.email === erasedEmail
    ? order
    : {
        ...order,
        email: erasedEmail,
        shippingAddress: eraseAddress(order.shippingAddress),
        billingAddress: eraseAddress(order.billingAddress),
        payment: { provider: order.payment.provider, token: order.payment.token },
      }
