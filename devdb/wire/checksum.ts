/** CRC-32C (Castagnoli, reflected polynomial 0x82F63B78): the checksum of an OP_MSG. zlib's crc32 is another polynomial. */
const polynomial = 0x82f63b78

const entry = (index: number): number => {
  let remainder = index
  for (let bit = 0; bit < 8; bit++) remainder = (remainder & 1) === 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1
  return remainder
}

const table = Uint32Array.from({ length: 256 }, (_, index) => entry(index))

/** The unsigned CRC-32C of these bytes. */
export const crc32c = (bytes: Uint8Array): number => {
  let remainder = ~0
  for (const byte of bytes) remainder = (table[(remainder ^ byte) & 0xff] ?? 0) ^ (remainder >>> 8)
  return ~remainder >>> 0
}
