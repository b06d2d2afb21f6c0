import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Half of the start is compiling, and stripping types off, the same modules as the last time. Beside the packages, as in `start.ts`.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compiled'))
await import('./run.ts')
