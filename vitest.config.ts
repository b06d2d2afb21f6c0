import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Node takes graphql's CommonJS build, Vite would take its ES build: two copies in one process refuse each other's schemas.
  resolve: { alias: [{ find: /^graphql$/, replacement: join(import.meta.dirname, 'node_modules/graphql/index.js') }] },
  test: {
    include: ['**/*.test.ts', 'tests/e2e/**/*.e2e.ts'],
    exclude: ['**/node_modules/**', 'storefront/**'],
    globalSetup: ['tests/setup.ts'],
    setupFiles: ['tests/seeds.ts'],
    // A condition that is waited for: a busy machine needs longer than the usual second.
    expect: { poll: { timeout: 10_000, interval: 20 } },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Two cores: more workers than that only make each test slower.
    maxWorkers: 2,
  },
})
