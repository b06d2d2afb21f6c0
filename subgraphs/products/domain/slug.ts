/** Letters without accents and in lower case, so that `Crème` is found by `creme`. */
export const fold = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()

/** The name of a thing in URLs: `Crème Brûlée (2 pcs)` -> `creme-brulee-2-pcs`. Empty when nothing usable is left. */
export const toSlug = (text: string): string =>
  fold(text)
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 255)

export const isSlug = (text: string): boolean => text.length > 0 && text.length <= 255 && toSlug(text) === text
