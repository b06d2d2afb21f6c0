import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type CrashPoint, crashPoints } from '../../platform/crashPoint.ts'
import { elsewhere, isAside } from './deeds.ts'

const read = (file: string): Promise<string> => readFile(join(import.meta.dirname, '../..', file), 'utf8')

// Every other point is tried in each way by `tests/e2e/crashes.e2e.ts`, and fails there when its deed does not come to it.
test.each(
  Object.entries(elsewhere).flatMap(([point, ways]) =>
    Object.entries(ways).map(([way, [file, name]]) => ({ point, way, file, name })),
  ),
)('the crash point $point has its proof elsewhere, by $way, in $file (F1)', async ({ point, file, name }) => {
  expect(Object.keys(crashPoints)).toContain(point)
  expect(isAside(point as CrashPoint)).toBe(false)
  const text = await read(file)
  expect(text).toContain(point)
  expect(text).toContain(name)
})
