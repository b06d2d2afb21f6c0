import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { expect, onTestFinished, test } from 'vitest'
import { makeMailFolder } from './folder.ts'
import { toHtml, toText } from './layout.ts'
import { accountLetter } from './letters/accounts.ts'
import { type OrderMailing, orderLetter, orderMailKinds } from './letters/orders.ts'
import type { Mail } from './mail.ts'

const mail: Mail = {
  id: 'evt_1',
  to: 'ada@example.org',
  toName: 'Ada',
  subject: 'A new password',
  text: 'Grüße\n',
  html: '<p>Grüße</p>\n',
  at: new Date(Date.UTC(2026, 10, 22, 9, 30)),
}

const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'mail-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'mail')
}

/** The mail as it is written: its source, and what a reader makes of it. */
const written = async (given: Partial<Mail>) => {
  const folder = await makeFolder()
  await makeMailFolder(folder, 'shop@emporion.example').send({ ...mail, ...given })
  const source = await readFile(join(folder, 'evt_1.eml'), 'utf8')
  return { source, head: (source.split('\r\n\r\n')[0] ?? '').split('\r\n'), read: await PostalMime.parse(source) }
}

test('given a mail, when written as a message, then headers and both texts are those of RFC 5322', async () => {
  const { source, head, read } = await written({})
  expect(head).toContain('To: Ada <ada@example.org>')
  expect(head).toContain('Date: Sun, 22 Nov 2026 09:30:00 +0000')
  expect(head).toContain('Message-ID: <evt_1@emporion.example>')
  expect(head).toContain('Auto-Submitted: auto-generated')
  expect(read.subject).toBe('A new password')
  expect([read.text?.trim(), read.html?.trim()]).toEqual(['Grüße', '<p>Grüße</p>'])
  for (const line of source.split('\r\n')) expect(line).toMatch(/^[\x20-\x7e\t]{0,998}$/)
})

test('given names and subjects with line breaks, quotes or other alphabets, then no header is forged (threat: CRLF in mail)', async () => {
  const hostile = 'Ada"\r\nBcc: eve@example.org\r\n\r\nhello\u0000 <b@example.org>, eve@example.org'
  const { head, read } = await written({ toName: hostile, subject: hostile })
  expect(head.filter((line) => /^bcc|^hello/i.test(line))).toEqual([])
  expect(read.to).toMatchObject([{ address: 'ada@example.org' }])
  expect(read.bcc ?? []).toEqual([])
  const greek = 'Ωμέγα '.repeat(30).trim()
  expect((await written({ toName: greek, subject: greek })).read).toMatchObject({
    subject: greek,
    to: [{ name: greek }],
  })
})

test('given the same mail twice, when sent, then one whole file is there, readable by its owner only (I18)', async () => {
  const folder = await makeFolder()
  const transport = makeMailFolder(folder, 'shop@emporion.example')
  await transport.send(mail)
  await transport.send({ ...mail, text: 'another' })
  expect(await readdir(folder)).toEqual(['evt_1.eml'])
  expect((await PostalMime.parse(await readFile(join(folder, 'evt_1.eml')))).text?.trim()).toBe('Grüße')
  await expect(transport.send({ ...mail, id: '../evt' })).rejects.toThrow('no file name')
})

const kinds = [
  'SIGN_UP',
  'SIGN_UP_KNOWN',
  'VERIFY_EMAIL',
  'PASSWORD_RESET',
  'PASSWORD_CHANGED',
  'SESSION_STOLEN',
] as const

test.each(kinds)('given %s, then the mail greets by name and carries the token only where it has one', (kind) => {
  const letter = accountLetter(kind, { name: 'Ada', token: 'a-token' })
  const hasToken = ['SIGN_UP', 'VERIFY_EMAIL', 'PASSWORD_RESET'].includes(kind)
  expect(letter.subject.length).toBeGreaterThan(10)
  expect(toText(letter)).toMatch(/^Hello Ada,\n\n/)
  expect(toText(letter).includes('\n\na-token\n\n')).toBe(hasToken)
  expect(toHtml(letter).includes('>a-token<')).toBe(hasToken)
  for (const line of toText(letter).split('\n')) expect(line.length).toBeLessThan(80)
})

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' })
const order: OrderMailing = {
  name: 'Ada',
  number: '1042',
  lines: [
    { title: 'Skillet', quantity: 2, total: eur('69.80') },
    { title: 'Towel', quantity: 1, total: eur('12.00') },
  ],
  totals: { shipping: eur('4.90'), tax: eur('13.84'), taxIncluded: true, total: eur('86.70') },
  refunded: eur('12.00'),
}

test.each(orderMailKinds)('given %s, then the mail names the order and its total in both forms', (kind) => {
  const letter = orderLetter(kind, order)
  expect(letter.subject).toContain('1042')
  for (const text of [toText(letter), toHtml(letter)]) expect(text).toContain('86.70 EUR')
})

test('given a confirmed order, then its mail lists what was bought; given a refund, how much goes back', () => {
  const text = toText(orderLetter('OrderConfirmed', order))
  expect(text).toContain('2 x Skillet: 69.80 EUR\n1 x Towel: 12.00 EUR\nDelivery: 4.90 EUR\n')
  expect(toText(orderLetter('OrderRefunded', order))).toContain('sent back 12.00 EUR')
  expect(orderLetter('OrderCanceled', { ...order, number: null }).subject).toBe('Your order was canceled')
})

test('given a name and a title with markup, then the HTML shows them as text (threat: HTML in mail)', () => {
  const hostile = '<img src=x onerror=alert(1)>&"\''
  const html = toHtml(
    orderLetter('OrderConfirmed', { ...order, name: hostile, lines: [{ ...order.lines[0]!, title: hostile }] }),
  )
  expect(html).not.toContain('<img')
  expect(html.split('&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;')).toHaveLength(3)
})
