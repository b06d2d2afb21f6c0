import type { RequestContext } from '#platform/context.ts'
import type { Loaders } from './loaders.ts'

export interface Seller {
  readonly id: string
  readonly shopName: string
}

export type Context = RequestContext<Loaders>
