import { setTimeout } from 'node:timers/promises'
import { type Millis, seconds } from '#kernel/time.ts'
import { defineSubgraph, type SubgraphDeps } from '#platform/subgraph.ts'
import { makeAccessTokens, sha256 } from './accessTokens.ts'
import type { Siblings } from './clients/ports.ts'
import { makeSiblings } from './clients/siblings.ts'
import { makeConsumers } from './consumers.ts'
import { makeJobs } from './jobs.ts'
import { makeLoaders } from './loaders.ts'
import { makeOrderModel } from './model.ts'
import { makeResolvers } from './resolvers.ts'
import { makeCanceling } from './service/canceling.ts'
import { makeChanging } from './service/changing.ts'
import { makeClaiming } from './service/claiming.ts'
import { makeDriving } from './service/driving.ts'
import { makeErasing } from './service/erasing.ts'
import { makePlacing } from './service/placing.ts'
import { makeReading, readAccess } from './service/reading.ts'
import { makeRecording } from './service/recording.ts'
import { makeRefunding } from './service/refunding.ts'
import { makeUnfinished } from './service/unfinished.ts'
import { makeWatching } from './service/watching.ts'

/** How long an order may stand still before the job takes it over. */
const patience = seconds(10)

const overNetwork = ({ call, config }: SubgraphDeps): Siblings => makeSiblings(call, config.checkoutTimeoutMs)

/** The orders subgraph over any implementation of its ports. */
export const defineOrders = (siblingsFor: (deps: SubgraphDeps) => Siblings) =>
  defineSubgraph({
    name: 'orders',
    folder: import.meta.dirname,
    build: (deps) => {
      const { database, clock, ids, bus, log, config } = deps
      const orders = makeOrderModel(database, { clock, ids, bus }, patience)
      const accessTokens = makeAccessTokens(config.orderTokenSecret)
      const siblings = siblingsFor(deps)
      const changing = makeChanging(orders)
      const driving = makeDriving({ orders, changing, siblings, clock })
      const reading = makeReading({ orders, accessTokens })
      const pause = (ms: Millis) => setTimeout(ms, undefined, { ref: false })
      const watching = makeWatching({ orders, reading, bus, log, pollMs: config.feedPollMs })
      return {
        resolvers: makeResolvers({
          placing: makePlacing({ orders, siblings, driving, accessTokens, clock, ids, hash: sha256, pause }),
          canceling: makeCanceling({ changing, driving, reading, clock }),
          reading,
          watching,
        }),
        loaders: (viewer) => makeLoaders(orders, readAccess(viewer)),
        models: [orders.model],
        outboxes: [orders.outbox],
        consumers: makeConsumers({
          driving,
          erasing: makeErasing(orders),
          refunding: makeRefunding({ changing, clock }),
          claiming: makeClaiming({ orders, changing, buyers: siblings.buyers, clock }),
        }),
        jobs: makeJobs(driving),
        records: makeRecording(orders),
        unfinished: makeUnfinished(orders),
      }
    },
  })

/** Orders and the checkout that carries them. */
export const orders = defineOrders(overNetwork)
