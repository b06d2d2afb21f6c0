import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { guards } from './guards.ts'

const read = (file: string): Promise<string> => readFile(join(import.meta.dirname, '../..', file), 'utf8')

// Taking them out takes minutes (`npm run test:guards`); that each can still be taken out is seen here.
test.each(guards)('the guard "$name" stands in the source, once, and its test is there', async (guard) => {
  expect((await read(guard.file)).split(guard.source)).toHaveLength(2)
  expect(guard.without).not.toBe(guard.source)
  expect(await read(guard.test.file)).toContain(guard.test.name)
})
