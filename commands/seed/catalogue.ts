import { bags } from './catalogue/bags.ts'
import { games } from './catalogue/games.ts'
import { garden } from './catalogue/garden.ts'
import { kitchen } from './catalogue/kitchen.ts'
import { lighting } from './catalogue/lighting.ts'
import { pantry } from './catalogue/pantry.ts'
import { stationery } from './catalogue/stationery.ts'
import { textiles } from './catalogue/textiles.ts'
import type { SeedProduct } from './product.ts'
import { lanternHouse, type SeedSeller, tidewaterGoods } from './sellers.ts'

/** A shelf of the demo shop: one category, sold by one seller. */
export interface SeedShelf {
  readonly category: string
  readonly seller: SeedSeller
  readonly products: readonly SeedProduct[]
}

/** The catalogue of a first start in development. */
export const catalogue: readonly SeedShelf[] = [
  { category: 'Kitchen', seller: lanternHouse, products: kitchen },
  { category: 'Pantry', seller: tidewaterGoods, products: pantry },
  { category: 'Stationery', seller: tidewaterGoods, products: stationery },
  { category: 'Garden', seller: tidewaterGoods, products: garden },
  { category: 'Home Textiles', seller: lanternHouse, products: textiles },
  { category: 'Lighting', seller: lanternHouse, products: lighting },
  { category: 'Bags & Travel', seller: tidewaterGoods, products: bags },
  { category: 'Toys & Games', seller: lanternHouse, products: games },
]
