import { detail, list } from './browsing.ts'
import { addToCart, checkout, till } from './buying.ts'
import { hostile } from './hostile.ts'
import type { Scenario } from './scenario.ts'

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [list, detail, addToCart, checkout, till, hostile]
