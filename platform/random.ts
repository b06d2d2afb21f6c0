import { randomBytes } from 'node:crypto'

const poolBytes = 4_096

/** Random bytes are fetched from the system by the pool: one call costs as much for 4,096 as for 16. No byte is handed out twice. */
const makePooledRandom = () => {
  let pool = randomBytes(poolBytes)
  let used = 0
  return (length: number): Uint8Array => {
    if (length > poolBytes) return randomBytes(length)
    if (used + length > poolBytes) {
      pool = randomBytes(poolBytes)
      used = 0
    }
    used += length
    return Uint8Array.prototype.slice.call(pool, used - length, used)
  }
}

/** The real source of randomness; tests pass a seeded one. */
export const systemRandom = makePooledRandom()
