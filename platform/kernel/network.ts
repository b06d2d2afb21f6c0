/** The eight groups of an IPv6 address, with what `::` leaves out; a tail in IPv4 form counts as two. */
const groupsOf = (address: string): string[] => {
  const [left = '', right] = address.split('::')
  const before = left === '' ? [] : left.split(':')
  const after = right === undefined || right === '' ? [] : right.split(':')
  const written = before.length + after.length + (address.includes('.') ? 1 : 0)
  const omitted = right === undefined ? 0 : Math.max(0, 8 - written)
  return [...before, ...Array<string>(omitted).fill('0'), ...after]
}

/**
 * What counts as one place on the network: an IPv4 address, or the first 64 bits of an IPv6 address, because whoever has one of
 * those has all that begin with them.
 */
export const networkOf = (address: string): string => {
  if (!address.includes(':')) return address
  const groups = groupsOf(address.toLowerCase().split('%')[0] ?? '')
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
