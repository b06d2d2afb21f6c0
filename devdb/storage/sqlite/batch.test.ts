import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeBatch, type Row, rowsOf, tables } from './batch.ts'

const key = fc.oneof(fc.nat(2 ** 52), fc.string())

const row: fc.Arbitrary<Row> = fc.oneof(
  fc.record({
    table: fc.constantFrom(...tables),
    key,
    bytes: fc.uint8Array({ maxLength: 40_000 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({ table: fc.constantFrom(...tables), key }),
  fc.record({ table: fc.constantFrom(...tables), key: fc.nat(), until: fc.nat() }),
)

const fill = (batch: ReturnType<typeof makeBatch>, { table, key: id, bytes, until }: Row): void => {
  if (bytes !== undefined) batch.put(table, id, bytes)
  else if (until !== undefined) batch.removeRange(table, Number(id), until)
  else batch.remove(table, id)
}

describe('a batch', () => {
  it('given any rows, when they are packed, then they come back the same and in order', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const batch = makeBatch()
        for (const each of rows) fill(batch, each)
        const taken = batch.take()
        expect([...rowsOf(taken)]).toEqual(rows)
        expect(batch.size()).toBe(0)
      }),
    )
  })

  it('given a batch was taken, when more is packed, then what was taken does not change', () => {
    const batch = makeBatch()
    batch.put('documents', 1, Buffer.from('first'))
    const taken = batch.take()
    batch.put('documents', 2, Buffer.from('other'))
    expect([...rowsOf(taken)]).toEqual([{ table: 'documents', key: 1, bytes: Buffer.from('first') }])
  })
})
