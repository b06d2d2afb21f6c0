/** Our gateway as it runs apart from its subgraphs, over the graph of the benchmark: guard, authentication, signed calls, breakers. */
import { startGateway } from '../../gateway/index.ts'
import { makeMemoryCache } from '../../platform/cache/memory.ts'
import type { SubgraphEndpoint } from '../../platform/call.ts'
import { makeCallSigner } from '../../platform/caller.ts'
import { readConfig, type SubgraphName } from '../../platform/config.ts'
import { remoteEndpoint } from '../../platform/endpoint.ts'
import { makeReadiness } from '../../platform/health.ts'
import { makeIds } from '../../platform/kernel/id.ts'
import { systemClock as clock } from '../../platform/kernel/time.ts'
import { makeMemoryLimiter } from '../../platform/limiter/memory.ts'
import { makeLog } from '../../platform/log.ts'
import { protectEndpoint } from '../../platform/protectedEndpoint.ts'
import { systemRandom } from '../../platform/random.ts'
import { supergraphAt } from './supergraph.ts'

const [url = ''] = process.argv.slice(2)
// All requests come from one user, who may ask more than a user may.
const config = readConfig({ PORT: '0', COST_BUCKET: '1000000000', COST_PER_SECOND_USER: '1000000000' }, ['gateway'])
const log = makeLog('error')
const ids = makeIds(clock, systemRandom)
const known = new Map<SubgraphName, SubgraphEndpoint>()
const gateway = await startGateway({
  config,
  clock,
  ids,
  log,
  cache: makeMemoryCache(clock),
  limiter: makeMemoryLimiter(clock),
  readiness: makeReadiness(clock),
  endpoints: (name) => {
    const endpoint = known.get(name) ?? protectEndpoint(remoteEndpoint(`${url}/${name}`), { name, clock, log })
    known.set(name, endpoint)
    return endpoint
  },
  sign: makeCallSigner({ secret: config.internalSecret, clock, ids }),
  supergraph: await supergraphAt(url),
})
console.log(JSON.stringify({ url: gateway.url }))
