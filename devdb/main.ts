import { enableCompileCache } from 'node:module'

// Half of the start is compiling, and stripping types off, the same modules as the last time.
enableCompileCache()
await import('./run.ts')
