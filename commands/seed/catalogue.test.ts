import { describe, expect, it } from 'vitest'
import { isId } from '#kernel/id.ts'
import { catalogue } from './catalogue.ts'
import { sellers } from './sellers.ts'

const products = catalogue.flatMap((shelf) => shelf.products)
const variants = products.flatMap((product) => product.variants)
const unique = (texts: readonly string[]) => expect(new Set(texts).size).toBe(texts.length)

describe('seed catalogue', () => {
  it('has about forty products on 6 to 8 shelves, all told apart', () => {
    expect(products.length).toBeGreaterThanOrEqual(40)
    expect(catalogue.length).toBeGreaterThanOrEqual(6)
    unique(products.map(({ handle }) => handle))
    unique(products.map(({ title }) => title))
    unique(products.map(({ descriptionHtml }) => descriptionHtml))
    unique(variants.map(({ sku }) => sku))
  })

  it('has handles that are slugs, 1 to 6 variants, and the same options in all variants of a product', () => {
    for (const { handle, variants: own } of products) {
      expect(handle).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(own.length).toBeGreaterThanOrEqual(1)
      expect(own.length).toBeLessThanOrEqual(6)
      expect(new Set(own.map(({ choices }) => Object.keys(choices).join())).size).toBe(1)
      unique(own.map(({ choices }) => Object.values(choices).join()))
    }
  })

  it('has whole positive minor units in three currencies (I6), tiers that fall and compare-at prices that are higher', () => {
    for (const { prices, compareAt, tiers = [], stock } of variants) {
      for (const currency of ['EUR', 'USD', 'GBP'] as const) {
        const amounts = [prices, ...tiers.map((tier) => tier.prices)].map((amount) => amount[currency])
        expect(amounts.every((amount) => Number.isSafeInteger(amount) && amount > 0)).toBe(true)
        expect(amounts).toEqual([...new Set(amounts)].sort((a, b) => b - a))
        if (compareAt) expect(compareAt[currency]).toBeGreaterThan(prices[currency])
      }
      expect(Number.isInteger(stock) && stock >= 0).toBe(true)
    }
  })

  it('shows what a shop must handle: sold-out variants, a compare-at price, quantity tiers', () => {
    expect(variants.filter(({ stock }) => stock === 0).length).toBeGreaterThanOrEqual(3)
    expect(variants.some(({ compareAt }) => compareAt)).toBe(true)
    expect(variants.some(({ tiers }) => tiers && tiers.length > 1)).toBe(true)
  })

  it('is sold by two sellers with ids the shop accepts', () => {
    expect(sellers.map(({ id }) => isId('usr', id))).toEqual([true, true])
    unique(sellers.map(({ email }) => email))
    expect(new Set(catalogue.map(({ seller }) => seller))).toEqual(new Set(sellers))
  })
})
