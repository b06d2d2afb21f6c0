import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { SubgraphCaller } from '#platform/caller.ts'
import { makeMailConsumer } from './consumer.ts'
import { makeMailFolder } from './folder.ts'
import type { Mail } from './mail.ts'
import { toMessage } from './message.ts'
import { renderMail } from './render.ts'

const mail: Mail = {
  id: 'evt_1',
  to: 'ada@example.org',
  toName: 'Ada',
  subject: 'A new password',
  text: 'Grüße\n',
  at: new Date(Date.UTC(2026, 10, 22, 9, 30)),
}

const partsOf = (message: string) => {
  const [head = '', body = ''] = message.split('\r\n\r\n')
  return { head: head.split('\r\n'), text: Buffer.from(body, 'base64').toString() }
}

const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'mail-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'mail')
}

test('given a mail, when written as a message, then headers and text are those of RFC 5322', () => {
  const { head, text } = partsOf(toMessage('shop@emporion.example', mail))
  expect(head).toContain('To: "Ada" <ada@example.org>')
  expect(head).toContain('Date: Sun, 22 Nov 2026 09:30:00 +0000')
  expect(head).toContain('Message-ID: <evt_1@emporion.example>')
  expect(text).toBe('Grüße\n')
})

test('given names and subjects with line breaks, quotes or other alphabets, then no header is forged (threat: CRLF in mail)', () => {
  const hostile = 'Ada"\r\nBcc: eve@example.org\r\n\r\nhello'
  const { head } = partsOf(toMessage('shop@emporion.example', { ...mail, toName: hostile, subject: hostile }))
  expect(head.filter((line) => /^bcc/i.test(line))).toEqual([])
  expect(head).toContain('To: "Ada\\" Bcc: eve@example.org hello" <ada@example.org>')
  const greek = partsOf(toMessage('shop@emporion.example', { ...mail, toName: 'Ωμέγα '.repeat(30) })).head
  for (const line of greek) expect(line).toMatch(/^[\x20-\x7e]{0,90}$/)
  const words = greek
    .join('')
    .match(/=\?utf-8\?B\?[^?]+\?=/g)!
    .map((word) => Buffer.from(word.slice(10, -2), 'base64').toString())
  expect(words.join('')).toBe('Ωμέγα '.repeat(30).trim())
})

test('given the same mail twice, when sent, then one whole file is there, readable by its owner only (I18)', async () => {
  const folder = await makeFolder()
  const transport = makeMailFolder(folder, 'shop@emporion.example')
  await transport.send(mail)
  await transport.send({ ...mail, text: 'another' })
  expect(await readdir(folder)).toEqual(['evt_1.eml'])
  expect(partsOf(await readFile(join(folder, 'evt_1.eml'), 'utf8')).text).toBe('Grüße\n')
  await expect(transport.send({ ...mail, id: '../evt' })).rejects.toThrow('no file name')
})

test('given a fact, when it is consumed, then the mail has what users says; when users says nothing, none goes out', async () => {
  const folder = await makeFolder()
  const asked: unknown[] = []
  const call = (async (_name: string, { variables }: { variables: { accountId: string } }) => {
    asked.push(variables)
    return {
      mailing: variables.accountId === 'usr_1' ? { to: 'ada@example.org', name: 'Ada', token: 'a-token' } : null,
    }
  }) as unknown as SubgraphCaller
  const consumer = makeMailConsumer({ call, transport: makeMailFolder(folder, 'shop@emporion.example') })
  const event = (id: string, accountId: string) =>
    consumer.on.MailRequested!({
      id,
      type: 'MailRequested',
      at: mail.at,
      aggregateId: accountId,
      payload: { accountId, kind: 'PASSWORD_RESET', tokenId: 't1' },
    })
  await event('evt_1', 'usr_1')
  await event('evt_2', 'usr_2')
  expect(asked).toEqual([
    { accountId: 'usr_1', tokenId: 't1' },
    { accountId: 'usr_2', tokenId: 't1' },
  ])
  expect(await readdir(folder)).toEqual(['evt_1.eml'])
  expect(partsOf(await readFile(join(folder, 'evt_1.eml'), 'utf8')).text).toContain('\na-token\n')
})

test.each([
  'SIGN_UP',
  'SIGN_UP_KNOWN',
  'VERIFY_EMAIL',
  'PASSWORD_RESET',
  'PASSWORD_CHANGED',
  'SESSION_STOLEN',
] as const)('given %s, then the mail greets by name and carries the token only where it has one', (kind) => {
  const { subject, text } = renderMail(kind, { name: 'Ada', token: 'a-token' })
  expect(subject.length).toBeGreaterThan(10)
  expect(text).toMatch(/^Hello Ada,\n\n/)
  expect(text.includes('a-token')).toBe(['SIGN_UP', 'VERIFY_EMAIL', 'PASSWORD_RESET'].includes(kind))
})
