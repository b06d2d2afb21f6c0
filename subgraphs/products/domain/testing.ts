import { mainLocation } from './location.ts'
import type { OwnPlace } from './taking.ts'

/** A place of one variant, empty but for what is given. */
export const placeOf = (location: string, given: Partial<OwnPlace> = {}): OwnPlace => ({
  _id: location === mainLocation._id ? 'var_a' : `var_a@${location}`,
  v: 1,
  variantId: 'var_a',
  location,
  priority: mainLocation.priority,
  isActive: true,
  sellerId: 'usr_a',
  available: 0,
  reserved: 0,
  holds: [],
  ...given,
})
