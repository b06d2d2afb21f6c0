/** `npm run example [-- http://localhost:4000]`: buys something in a running shop and shows the live cart and the live order. */
import { makeShop } from './shop.ts'
import { buySomething } from './story.ts'

const shop = makeShop(process.argv[2] ?? 'http://localhost:4000')
try {
  const { number } = await buySomething(shop, console.log)
  console.log(`Order ${number} is confirmed.`)
} finally {
  shop.close()
}
