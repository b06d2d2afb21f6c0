// A document's key is one integer, collection and record: rows with an integer key keep up to 4 kB in their page,
// others spill a document of 1 kB to a second one. Room for 2^17 collections and 2^36 records, exact in a number.
const perCollection = 2 ** 36

export const keyOf = (collection: number, id: number): number => collection * perCollection + id

export const ownerOf = (key: number): number => Math.floor(key / perCollection)

export const recordOf = (key: number): number => key % perCollection
