import { decode, decodeCommand } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { type Doc, type Out, setField } from '../bson/values.ts'
import { failure, MalformedError } from '../errors.ts'
import { crc32c } from './checksum.ts'
import { headerBytes, maxMessageBytes } from './framing.ts'

const opReply = 1
const opQuery = 2004
const opCompressed = 2012
const opMsg = 2013

const checksumPresent = 1
const moreToCome = 2
const requiredBits = 0xffff

export type Message = {
  readonly requestId: number
  readonly kind: 'msg' | 'query'
  readonly body: Doc
  /** The documents of an insert, as they came. */
  readonly documents?: Buffer[]
  /** The client wants no answer (write concern w: 0). */
  readonly silent: boolean
}

type Section = { readonly body?: Doc; readonly documents?: Buffer[]; readonly name?: string; readonly next: number }

const lengthAt = (bytes: Buffer, at: number, end: number): number => {
  if (at + 4 > end) throw new MalformedError('a section is cut off')
  const length = bytes.readInt32LE(at)
  if (length < 5 || at + length > end) throw new MalformedError('a section is longer than its message')
  return length
}

const readSequence = (bytes: Buffer, at: number, end: number): Section => {
  const next = at + lengthAt(bytes, at, end)
  const stop = bytes.indexOf(0, at + 4)
  if (stop < 0 || stop >= next) throw new MalformedError('a document sequence has no name')
  const documents: Buffer[] = []
  let position = stop + 1
  while (position < next) {
    const length = lengthAt(bytes, position, next)
    documents.push(bytes.subarray(position, position + length))
    position += length
  }
  return { name: bytes.toString('utf8', at + 4, stop), documents, next }
}

const readSection = (bytes: Buffer, at: number, end: number): Section => {
  const kind = bytes[at]
  if (kind === 1) return readSequence(bytes, at + 1, end)
  if (kind !== 0) throw new MalformedError(`unknown section kind ${kind}`)
  const next = at + 1 + lengthAt(bytes, at + 1, end)
  return { ...decodeCommand(bytes.subarray(at + 1, next)), next }
}

const readFlags = (bytes: Buffer): number => {
  const flags = bytes.readUInt32LE(headerBytes)
  // Bits 0 to 15 are required: a reader that does not know one cannot understand the message. The others may be ignored.
  const unknown = flags & requiredBits & ~(checksumPresent | moreToCome)
  if (unknown !== 0) throw new MalformedError(`unknown OP_MSG flags ${unknown}`)
  return flags
}

/** Where the sections end: before the checksum, which is verified when there is one. */
const sectionsEnd = (bytes: Buffer, flags: number): number => {
  if ((flags & checksumPresent) === 0) return bytes.length
  const end = bytes.length - 4
  if (crc32c(bytes.subarray(0, end)) !== bytes.readUInt32LE(end))
    throw new MalformedError('the checksum of an OP_MSG is wrong')
  return end
}

const addSequence = (body: Doc, name: string, sequence: readonly Buffer[]): void => {
  if (Object.hasOwn(body, name)) throw new MalformedError(`an OP_MSG has '${name}' twice`)
  setField(body, name, sequence.map(decode))
}

const readMsg = (bytes: Buffer): Message => {
  if (bytes.length < headerBytes + 9) throw new MalformedError('an OP_MSG is too short')
  const flags = readFlags(bytes)
  const end = sectionsEnd(bytes, flags)
  let body: Doc | undefined
  let documents: Buffer[] | undefined
  const sequences: Section[] = []
  for (let at = headerBytes + 4; at < end; ) {
    const section = readSection(bytes, at, end)
    if (section.name !== undefined) {
      sequences.push(section)
    } else {
      if (body !== undefined) throw new MalformedError('an OP_MSG has two bodies')
      body = section.body
      documents = section.documents
    }
    at = section.next
  }
  if (body === undefined) throw new MalformedError('an OP_MSG has no body')
  for (const { name = '', documents: sequence = [] } of sequences) {
    if (name !== 'documents') addSequence(body, name, sequence)
    else if (documents !== undefined) throw new MalformedError("an OP_MSG has 'documents' twice")
    else documents = sequence
  }
  return { requestId: bytes.readInt32LE(4), kind: 'msg', body, documents, silent: (flags & moreToCome) !== 0 }
}

const readQuery = (bytes: Buffer): Message => {
  const stop = bytes.indexOf(0, headerBytes + 4)
  const start = stop + 9
  if (stop < 0 || start > bytes.length) throw new MalformedError('an OP_QUERY is too short')
  const namespace = bytes.toString('utf8', headerBytes + 4, stop)
  if (!namespace.endsWith('.$cmd')) throw new MalformedError('OP_QUERY is understood for commands only')
  const query = decode(bytes.subarray(start, start + lengthAt(bytes, start, bytes.length)))
  const body: Doc = { ...query, $db: namespace.slice(0, -'.$cmd'.length) }
  return { requestId: bytes.readInt32LE(4), kind: 'query', body, silent: false }
}

/** Reads one message; throws MalformedError on what is none, MongoError on BSON types that are not supported. */
export const readMessage = (bytes: Buffer): Message => {
  const opcode = bytes.readInt32LE(12)
  if (opcode === opMsg) return readMsg(bytes)
  if (opcode === opQuery) return readQuery(bytes)
  if (opcode === opCompressed) throw new MalformedError('no compression was agreed on')
  throw new MalformedError(`unknown opcode ${opcode}`)
}

type Answer = { readonly requestId: number; readonly responseTo: number; readonly kind: 'msg' | 'query' }

/**
 * Writes a reply: OP_REPLY to an OP_QUERY, else OP_MSG; throws BSONObjectTooLarge when no message can carry it. Never
 * with moreToCome: a client that allows an exhaust stream gets one answer and has to ask again, as the protocol permits.
 */
export const writeMessage = (
  reply: { [field: string]: Out | undefined },
  { requestId, responseTo, kind }: Answer,
): Buffer => {
  const bytes = encode(reply, kind === 'msg' ? headerBytes + 5 : headerBytes + 20)
  if (bytes.length > maxMessageBytes)
    throw failure('BSONObjectTooLarge', `the reply has ${bytes.length} bytes, a message at most ${maxMessageBytes}`)
  bytes.fill(0, headerBytes, headerBytes + (kind === 'msg' ? 5 : 20))
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeInt32LE(requestId, 4)
  bytes.writeInt32LE(responseTo, 8)
  bytes.writeInt32LE(kind === 'msg' ? opMsg : opReply, 12)
  if (kind === 'query') {
    bytes.writeInt32LE(8, headerBytes)
    bytes.writeInt32LE(1, headerBytes + 16)
  }
  return bytes
}
