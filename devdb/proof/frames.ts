import mongoose from 'mongoose'
import type { Random } from './random.ts'

const { BSON, Binary, Decimal128, Long, ObjectId, Timestamp } = mongoose.mongo

const headerBytes = 16
const opMsg = 2013

const everyType = {
  double: 1.5,
  text: 'héllo',
  document: { inner: [1, { deep: null }] },
  binary: new Binary(Buffer.from('bytes')),
  id: new ObjectId('0123456789abcdef01234567'),
  yes: true,
  date: new Date(0),
  nothing: null,
  pattern: /a.*b/i,
  int: 7,
  timestamp: new Timestamp({ t: 1, i: 2 }),
  long: Long.fromNumber(2 ** 40),
  decimal: Decimal128.fromString('1.10'),
  least: new BSON.MinKey(),
  most: new BSON.MaxKey(),
}

/** Commands that clients send, touching every reader of bytes: what is mutated starts as something valid. */
const commands: [object, ...object[]] = [
  { insert: 'c', documents: [{ a: everyType }, { a: 1 }], ordered: false },
  { update: 'c', updates: [{ q: { a: 1 }, u: { $set: { 'b.c': everyType } }, upsert: true }] },
  { delete: 'c', deletes: [{ q: { a: { $gt: 5 } }, limit: 0 }] },
  { find: 'c', filter: { a: { $in: [1, 'x', null] } }, sort: { a: -1 }, projection: { a: 1 }, limit: 3 },
  { aggregate: 'c', pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a', n: { $sum: 1 } } }], cursor: {} },
  { findAndModify: 'c', query: { _id: 1 }, update: { $inc: { n: 1 } }, new: true },
  { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a_1' }] },
  { getMore: Long.fromNumber(99), collection: 'c' },
  { hello: 1, client: { driver: { name: 'x', version: '1' } } },
  { count: 'c', query: { $or: [{ a: 1 }, { 'a.b': { $exists: true } }] } },
]

/** An OP_MSG from its sections. */
const frame = (sections: Buffer, flags = 0, opcode = opMsg): Buffer => {
  const bytes = Buffer.alloc(headerBytes + 4 + sections.length)
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeInt32LE(1, 4)
  bytes.writeInt32LE(opcode, 12)
  bytes.writeUInt32LE(flags >>> 0, headerBytes)
  sections.copy(bytes, headerBytes + 4)
  return bytes
}

const bodySection = (body: object): Buffer => Buffer.concat([Buffer.of(0), BSON.serialize({ ...body, $db: 'fuzz' })])

const sequenceSection = (name: string, documents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents])
  const head = Buffer.of(1, 0, 0, 0, 0)
  head.writeInt32LE(content.length + 4, 1)
  return Buffer.concat([head, content])
}

const valid = (random: Random): Buffer => frame(bodySection(random.pick(commands)))

/** A copy, its length made right: only then does the reader get behind the header. */
const changed = (bytes: Buffer, change: (copy: Buffer) => void): Buffer => {
  const copy = Buffer.from(bytes)
  change(copy)
  return copy
}

const trickyLengths: [number, ...number[]] = [
  0,
  1,
  4,
  5,
  15,
  16,
  17,
  20,
  25,
  26,
  -1,
  -(2 ** 31),
  2 ** 31 - 1,
  48_000_000,
  48_000_001,
]

const nested = (depth: number, kind: number): Buffer => {
  // Built by hand: the driver's encoder would overflow its own stack.
  const bytes = Buffer.alloc(5 + depth * 8)
  for (let level = 0; level <= depth; level += 1) {
    const at = level * 7
    bytes.writeInt32LE(bytes.length - level * 8, at)
    if (level < depth) bytes.set([kind, 0x30, 0], at + 4)
  }
  return bytes
}

const looksLikeType = (bytes: Buffer, at: number): boolean => {
  const [type = 0, next = 0] = [bytes[at], bytes[at + 1]]
  return type >= 1 && type <= 0x13 && (next === 0x24 || (next >= 0x30 && next <= 0x7a))
}

const elementTypes = (bytes: Buffer): number[] =>
  [...bytes.keys()].filter((at) => at > headerBytes + 8 && looksLikeType(bytes, at))

type Mutation = (random: Random) => Buffer

/** Every way in which a frame can be wrong that a reader must survive. */
export const mutations: Readonly<Record<string, Mutation>> = {
  changedBytes: (random) =>
    changed(valid(random), (copy) => {
      for (let count = random.between(1, 8); count > 0; count -= 1) {
        copy[random.between(4, copy.length - 1)] = random.between(0, 255)
      }
    }),
  cutOff: (random) => {
    const bytes = valid(random)
    return bytes.subarray(0, random.between(0, bytes.length - 1))
  },
  cutOffWithRightLength: (random) => {
    const bytes = valid(random)
    const cut = Buffer.from(bytes.subarray(0, random.between(headerBytes, bytes.length - 1)))
    cut.writeInt32LE(cut.length, 0)
    return cut
  },
  wrongMessageLength: (random) => changed(valid(random), (copy) => copy.writeInt32LE(random.pick(trickyLengths), 0)),
  wrongInnerLength: (random) =>
    changed(valid(random), (copy) =>
      copy.writeInt32LE(random.pick(trickyLengths), random.between(headerBytes + 5, copy.length - 4)),
    ),
  wrongType: (random) =>
    changed(valid(random), (copy) => {
      const [first = headerBytes + 9, ...others] = elementTypes(copy)
      copy[random.pick([first, ...others])] = random.between(0, 255)
    }),
  wrongSectionKind: (random) =>
    changed(valid(random), (copy) => copy.writeUInt8(random.between(0, 255), headerBytes + 4)),
  wrongFlags: (random) => changed(valid(random), (copy) => random.bytes(4).copy(copy, headerBytes)),
  wrongOpcode: (random) =>
    changed(valid(random), (copy) => copy.writeInt32LE(random.pick([0, 1, 2001, 2004, 2010, 2012, 2014, -1]), 12)),
  wrongChecksum: (random) => frame(Buffer.concat([bodySection(random.pick(commands)), random.bytes(4)]), 1),
  missingChecksum: (random) => frame(bodySection(random.pick(commands)), 1),
  withoutAnswer: (random) => frame(bodySection(random.pick(commands)), 2),
  exhaust: (random) => frame(bodySection(random.pick(commands)), 1 << 16),
  deepDocuments: (random) =>
    frame(Buffer.concat([Buffer.of(0), nested(random.between(50, 5_000), random.pick([3, 4]))])),
  deepFilter: (random) => frame(bodySection({ find: 'c', filter: deepOr(random.between(10, 400)) })),
  twoBodies: (random) => frame(Buffer.concat([bodySection(random.pick(commands)), bodySection(random.pick(commands))])),
  brokenSequence: (random) => {
    const documents = [BSON.serialize({ a: 1 }), random.bytes(random.between(0, 12))]
    return frame(Buffer.concat([bodySection({ insert: 'c' }), sequenceSection('documents', documents)]))
  },
  changedSequence: (random) => {
    const name = random.pick(['documents', 'updates', 'deletes', 'nsInfo', 'ops', '', '$db', '__proto__'])
    const section = sequenceSection(name, [BSON.serialize({ q: {}, u: { a: 1 }, limit: 1 })])
    return changed(frame(Buffer.concat([bodySection({ insert: 'c' }), section])), (copy) => {
      copy[random.between(headerBytes + 4, copy.length - 1)] = random.between(0, 255)
    })
  },
  strangeNames: (random) =>
    frame(
      bodySection({ insert: 'c', documents: [{ [random.pick(['__proto__', 'constructor', '', '\u{1f600}'])]: 1 }] }),
    ),
  legacyQuery: (random) =>
    changed(valid(random), (copy) => {
      copy.writeInt32LE(2004, 12)
      copy.write('admin.$cmd\0', headerBytes + 4)
    }),
  noise: (random) => random.bytes(random.between(1, 400)),
  anotherProtocol: (random) =>
    Buffer.from(
      random.pick([
        'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
        '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
        'SSH-2.0-x\r\n',
      ]),
    ),
}

const deepOr = (depth: number): object => {
  let filter: object = { a: 1 }
  for (let level = 0; level < depth; level += 1) filter = { $or: [filter] }
  return filter
}

/** One broken frame after another, the same ones for the same seed. */
export const brokenFrame = (random: Random): { readonly kind: string; readonly bytes: Buffer } => {
  const [first = 'noise', ...others] = Object.keys(mutations)
  const kind = random.pick([first, ...others])
  return { kind, bytes: mutations[kind]?.(random) ?? Buffer.alloc(0) }
}
