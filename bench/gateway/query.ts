/** Five fetches: orders, then customers, products, stock, and shipping, which is computed from weight and address (`@requires`). */
export const query = /* GraphQL */ `
query Orders {
  orders(first: 10) {
    id
    number
    state
    customer { id name email }
    shipping
    items {
      quantity
      product { id title size { width height } stock reserve }
    }
  }
}`
