/**
 * `node start.ts [units]`: no argument runs the whole shop in one process, `node start.ts orders` that unit alone.
 * `node start.ts gateway --supergraph FILE --open`: a gateway without authentication over any supergraph, for suites that test gateways.
 * `node start.ts --compile-ahead`: compiles what any unit may load, for images and fleets, and ends.
 */
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Two fifths of the work of loading would be compiling the same modules as the last time. Beside the packages, where only who installs
// them may write, and not where Node has it by itself: in a folder that the machine shares. NODE_COMPILE_CACHE names another place.
enableCompileCache(join(import.meta.dirname, 'node_modules/.cache/compiled'))
const { main } = await import('./start/main.ts')
await main()
