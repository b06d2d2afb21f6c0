import * as documents from './documents.ts'
import { makeRound, type Scenario } from './scenario.ts'

/** Twenty products with prices and availability: a page of a web shop. */
export const list: Scenario = {
  name: 'list',
  series: ['list'],
  makeWorker:
    ({ ask }) =>
    async (measure) => {
      await measure('list', () => ask(documents.list))
    },
}

/** One product by its slug, with all a product page shows. */
export const detail: Scenario = {
  name: 'detail',
  series: ['detail'],
  makeWorker: ({ ask, products }, index) => {
    const nextProduct = makeRound(products, index * 7)
    return (measure) =>
      measure('detail', async () => {
        const { slug } = nextProduct()
        const { product } = await ask(documents.detail, { slug })
        if (!product) throw new Error(`there is no product ${slug}`)
      })
  },
}
