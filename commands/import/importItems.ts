import { batchSize, type CatalogueSink, fromDraft, type ProductToWrite } from './catalogueSink.ts'
import type { ImportDraft, ImportItem } from './draft.ts'
import type { Report, ReportEntry } from './report.ts'

export interface ImportOptions {
  readonly items: AsyncIterable<ImportItem>
  /** ISO 4217 code of the drafts' prices. */
  readonly currency: string
  /** Null: a dry run, which only checks. */
  readonly sink: CatalogueSink | null
  readonly report: Report
  /** Told after every item and every batch. */
  readonly onProgress: () => void
}

/** Most variants in a batch, so that a batch of large products stays small too. */
const maxVariants = 1_000

const refusedEntry = (draft: ImportDraft, message: string | null): ReportEntry => ({
  handle: draft.handle,
  rows: draft.rows,
  outcome: 'REFUSED',
  problems: [{ line: draft.rows[0] ?? 0, column: null, message: message ?? 'the shop refused it' }],
})

const writeBatch = async (drafts: readonly ImportDraft[], options: ImportOptions): Promise<number> => {
  const { sink, report, currency } = options
  if (!sink) return 0
  const batch: ProductToWrite[] = drafts.map((draft) => fromDraft(draft, currency))
  const { products, pricesChanged } = await sink.write(batch)
  for (const [index, { outcome, message }] of products.entries()) {
    const draft = drafts[index]
    if (!draft) continue
    const { handle, rows } = draft
    await report.add(outcome === 'REFUSED' ? refusedEntry(draft, message) : { handle, rows, outcome, problems: [] })
  }
  return pricesChanged
}

/**
 * Streams items into the shop, batch by batch: whatever the size of the file, one batch is in memory.
 * @returns how many prices differ from before, and how many products were read
 * @throws ShopError when the shop stops answering; what was written stays, and the same import continues it
 */
export const importItems = async (options: ImportOptions): Promise<{ pricesChanged: number; drafts: number }> => {
  const { items, report, onProgress } = options
  let batch: ImportDraft[] = []
  let variants = 0
  const totals = { pricesChanged: 0, drafts: 0 }

  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    totals.pricesChanged += await writeBatch(batch, options)
    batch = []
    variants = 0
    onProgress()
  }

  for await (const item of items) {
    if (item.kind === 'refused') {
      const { handle, rows, problems } = item
      await report.add({ handle, rows, outcome: 'REFUSED', problems })
    } else {
      totals.drafts += 1
      batch.push(item.draft)
      variants += item.draft.variants.length
    }
    if (batch.length >= batchSize || variants >= maxVariants) await flush()
    onProgress()
  }
  await flush()
  return totals
}
