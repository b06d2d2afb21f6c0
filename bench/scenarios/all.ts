import { detail, list } from './browsing.ts'
import { addToCart, checkout } from './buying.ts'
import { hostile } from './hostile.ts'
import type { Scenario } from './scenario.ts'

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [list, detail, addToCart, checkout, hostile]
