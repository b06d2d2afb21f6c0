import { MalformedError } from '../errors.ts'

export const headerBytes = 16
export const maxMessageBytes = 48_000_000

const always = (): boolean => true

/**
 * Cuts a byte stream into messages by their length field. A length no message can have ends the connection at once:
 * behind it nothing in the stream can be trusted. While `ready` says no, messages stay uncut; called without a chunk,
 * it goes on with what is held. Whoever stops it also stops feeding it, so no more is held than one message and a chunk.
 */
export const makeFrames = (onMessage: (message: Buffer) => void, ready: () => boolean = always) => {
  let pending: Buffer[] = []
  let held = 0
  let expected: number | undefined

  const joined = (): Buffer => {
    const [only] = pending
    const all = pending.length === 1 && only !== undefined ? only : Buffer.concat(pending, held)
    pending = [all]
    return all
  }

  const readLength = (bytes: Buffer): number => {
    const length = bytes.readInt32LE(0)
    if (length < headerBytes || length > maxMessageBytes)
      throw new MalformedError(`a message cannot have ${length} bytes`)
    return length
  }

  /** Throws MalformedError; whatever `onMessage` throws passes through. */
  return (chunk?: Buffer): void => {
    if (chunk !== undefined) {
      pending.push(chunk)
      held += chunk.length
    }
    while (held >= 4 && ready()) {
      expected ??= readLength(joined())
      // Large messages come in many chunks: they are joined once, when all have come.
      if (held < expected) return
      const all = joined()
      const message = all.subarray(0, expected)
      held -= expected
      pending = held > 0 ? [all.subarray(expected)] : []
      expected = undefined
      onMessage(message)
    }
  }
}
