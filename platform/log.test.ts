import fc from 'fast-check'
import { expect, test } from 'vitest'
import { faultFields, type LogFields, makeLog } from './log.ts'

const canary = 'canary-7f3a9c'

const makeSink = (level: Parameters<typeof makeLog>[0] = 'debug') => {
  const lines: string[] = []
  const log = makeLog(level, { write: (line) => void lines.push(line) })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> }
}

test('given a line, when it is written, then it is one line of JSON with level, time and message', () => {
  const { log, lines, last } = makeSink()
  log.warn('first\nsecond', { orderId: 'ord_1', attempt: 2, status: true as never })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^\{.*\}\n$/)
  expect(last()).toMatchObject({ level: 40, msg: 'first\nsecond', orderId: 'ord_1', attempt: 2, status: true })
  expect(last().time).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
})

test('given a level, when something below it is logged, then nothing is written', () => {
  const { log, lines } = makeSink('warn')
  log.debug('no')
  log.info('no')
  log.error('yes')
  expect(lines).toHaveLength(1)
})

test('given fields that nobody allowed, when they are logged, then they never appear (R18)', () => {
  const { log, lines } = makeSink()
  const secrets = Object.fromEntries(
    [
      'password',
      'email',
      'token',
      'authorization',
      'cookie',
      'card',
      'address',
      'body',
      'variables',
      'Reason',
      'msg2',
    ].map((name) => [name, canary]),
  )
  const nested = { reason: { password: canary }, cause: [canary], path: () => canary } as unknown as LogFields
  const strangers = JSON.parse(`{"__proto__":{"reason":"${canary}"},"constructor":"${canary}"}`) as LogFields
  for (const fields of [secrets, nested, strangers]) {
    for (const method of ['debug', 'info', 'warn', 'error'] as const) log[method]('m', fields)
    log.with(fields).error('m', fields)
  }
  expect(lines).toHaveLength(15)
  expect(lines.join()).not.toContain(canary)
})

test('given any field name, when it is logged, then only the known ones carry the value (R18)', () => {
  const { log, lines } = makeSink()
  const known = new Set([
    'cause',
    'code',
    'collection',
    'consumer',
    'event',
    'job',
    'path',
    'reason',
    'stack',
    'step',
    'url',
  ])
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      fc.pre(!known.has(name))
      log.info('m', { [name]: canary })
    }),
  )
  expect(lines.join()).not.toContain(canary)
})

test('given credentials inside a URL, when it is logged in a field or a message, then they are masked (R18)', () => {
  const { log, lines, last } = makeSink()
  const urls = [
    `mongodb://shop:${canary}@db.example:27017/x`,
    `mongodb://shop:p@ss/${canary}@db.example/x`,
    `mongodb://a:${canary}@h1,b:${canary}@h2/x`,
    `redis://:${canary}@cache.example:6379`,
    `https://${canary}@pay.example/v1`,
  ]
  for (const url of urls) {
    log.error(`cannot reach ${url}`, { url, ...faultFields(new Error(`failed: ${url} (again: ${url})`)) })
    log.with({ reason: url }).error('m')
  }
  expect(lines.join()).not.toContain(canary)
  log.error('m', { url: urls[0], path: 'https://example.org/a:b' })
  expect(last()).toMatchObject({ url: 'mongodb://***@db.example:27017/x', path: 'https://example.org/a:b' })
})

test('given credentials at any place of a long text, when it is logged, then no cut tears them out of their mask (R18)', () => {
  const { log, lines } = makeSink()
  const url = `//u:${canary}${'k'.repeat(300)}@h`
  // Masking makes what stands before shorter, so that text from behind the cut moves into the line.
  const before = '//user:password@h '
  for (let at = 3_300; at < 4_100; at += 5) {
    const start = before.repeat(at / before.length).padEnd(at)
    log.error('m', { cause: `${start}${url} ${'x'.repeat(3_000)}` })
  }
  expect(lines.join()).not.toContain(canary.slice(0, 8))
})

test('given a stack through scoped packages, when it is logged, then its paths stay readable', () => {
  const { log, last } = makeSink()
  const stack = 'Error: x\n    at run (file:///srv/node_modules/@apollo/server/dist/run.js:12:3)'
  log.error('m', { stack })
  expect(last().stack).toBe(stack)
})

test('given endless text, when it is logged, then the line stays below 8 kB (R13)', () => {
  const { log, lines } = makeSink()
  const names = ['cause', 'stack', 'reason', 'path', 'url', 'operation', 'event', 'job', 'step', 'code', 'consumer']
  for (const unit of ['x', '"', '\u0000', '商', '🛒', '\ud800', '//a:']) {
    const text = unit.repeat(50_000)
    log.error(text, Object.fromEntries(names.map((name) => [name, text])))
    log.with({ requestId: text, subgraph: text }).error('m', faultFields(new Error(text)))
  }
  for (const line of lines) {
    expect(Buffer.byteLength(line)).toBeLessThan(8_000)
    expect(JSON.parse(line)).toHaveProperty('cause')
  }
})

test('given a log with fields, when lines are written, then each has them, and the other log has not', () => {
  const { log, last } = makeSink()
  const bound = log.with({ subgraph: 'orders', email: canary } as LogFields).with({ requestId: 'req_1' })
  bound.info('m', { attempt: 1 })
  expect(last()).toMatchObject({ subgraph: 'orders', requestId: 'req_1', attempt: 1 })
  log.info('m')
  expect(last()).not.toHaveProperty('subgraph')
})

test('given something thrown, when its fields are made, then they are text in any case', () => {
  expect(faultFields(new TypeError('no'))).toMatchObject({
    cause: 'TypeError: no',
    stack: expect.stringContaining('at '),
  })
  expect(faultFields('no')).toEqual({ cause: 'no' })
  expect(faultFields(null)).toEqual({ cause: 'null' })
})
