/** `npm run example [-- http://localhost:4000]`: buys something in a running shop and shows the live cart and the live order. */
import { makeShop } from './shop.ts'
import { buySomething } from './story.ts'

const [url = 'http://localhost:4000', ...more] = process.argv.slice(2)
if (!URL.canParse(url) || more.length > 0) {
  console.error(
    'npm run example [-- http://localhost:4000]: buys something in a running shop, whose address may be given.',
  )
  process.exit(url === '--help' ? 0 : 2)
}

const shop = makeShop(url)
try {
  const { number } = await buySomething(shop, console.log)
  console.log(`Order ${number} is confirmed.`)
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  console.error(`${error instanceof Error ? error.message : error}${cause}`)
  process.exitCode = 1
} finally {
  shop.close()
}
