import { detached, type ImportItem, type OpenFile } from './draft.ts'
import type { ShopifyHeader } from './shopify/columns.ts'
import { readProductRows } from './shopify/groups.ts'
import { readProduct } from './shopify/product.ts'

/**
 * Reads a Shopify product CSV: one item per handle, a draft or a refusal with every problem found. The file is streamed, twice;
 * what stays in memory are its handles and SKUs. A SKU belongs to the first good product that has it.
 * @param currency ISO 4217 code of the prices, which the format itself does not state.
 * @throws FileProblem when the file as a whole cannot be read.
 */
export async function* readShopifyCsv(open: OpenFile, currency: string): AsyncGenerator<ImportItem> {
  const takenSkus = new Map<string, number>()
  let header: ShopifyHeader | null = null
  const products = readProductRows(open, (read) => {
    header = read
  })
  const hasPrices = (): boolean => header?.has('price') ?? false
  for await (const product of products) {
    const item = readProduct(product, { hasPrices: hasPrices(), currency, takenSkus })
    if (item.kind === 'product') {
      for (const { sku } of item.draft.variants) takenSkus.set(detached(sku), item.draft.rows[0] ?? 0)
    }
    yield item
  }
}
