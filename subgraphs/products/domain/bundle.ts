/** Units of another variant that a bundle is made of: it has no stock of its own. */
export interface Part {
  readonly variantId: string
  readonly quantity: number
}

/** A bundle as its seller gives it. */
export interface StatedBundle {
  readonly parts?: readonly Part[] | null
  readonly initialStock: number
}

export type Check = readonly [bad: boolean, path: readonly (string | number)[], message: string]

const maxParts = 20
const maxUnits = 99

const isCount = (number: number, max: number): boolean => Number.isInteger(number) && number >= 1 && number <= max

/** What is wrong with the parts of a variant that stands at `path`. */
export const bundleChecks = ({ parts, initialStock }: StatedBundle, path: readonly (string | number)[]): Check[] => {
  const ids = (parts ?? []).map(({ variantId }) => variantId)
  return [
    [ids.length > maxParts, [...path, 'parts'], `A bundle has at most ${maxParts} parts.`],
    [ids.length > 0 && initialStock !== 0, [...path, 'initialStock'], 'A bundle has no stock but that of its parts.'],
    ...(parts ?? []).flatMap(({ variantId, quantity }, index): Check[] => [
      [!isCount(quantity, maxUnits), [...path, 'parts', index, 'quantity'], `1 to ${maxUnits} units of a part.`],
      [ids.indexOf(variantId) !== index, [...path, 'parts', index, 'variantId'], 'A part is named once.'],
    ]),
  ]
}

/** How many can be sold: a bundle as often as its scarcest part allows. `leftOf` gives the units left of a variant. */
export const sellable = (
  { id, parts = [] }: { readonly id: string; readonly parts?: readonly Part[] },
  leftOf: (variantId: string) => number,
): number =>
  parts.length === 0
    ? leftOf(id)
    : Math.min(...parts.map(({ variantId, quantity }) => Math.floor(leftOf(variantId) / quantity)))
