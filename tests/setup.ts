import type { TestProject } from 'vitest/node'
import { type EmbeddedDatabase, startEmbedded } from '../platform/embedded.ts'

declare module 'vitest' {
  interface ProvidedContext {
    mongoUrl: string
  }
}

let embedded: EmbeddedDatabase | null = null

/** One database server for all test files: the one at MONGODB_URL, or an embedded one that keeps nothing. */
export const setup = async (project: TestProject): Promise<void> => {
  const given = process.env.MONGODB_URL
  if (!given) embedded = await startEmbedded({ folder: null, standalone: process.env.DEVDB_STANDALONE === '1' })
  project.provide('mongoUrl', given ?? embedded?.url ?? '')
}

export const teardown = async (): Promise<void> => {
  await embedded?.stop()
}
