import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { renderInbox } from './inbox.ts'

const folderWith = async (files: Record<string, string>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'inbox-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'mail'))
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, 'mail', name), text)))
  return folder
}

const message = (to: string, text: string): string =>
  `To: ${to}\r\nSubject: Hello\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(text).toString('base64')}\r\n`

test('given mails, when the inbox is shown, then the youngest comes first and nothing in them becomes markup', async () => {
  const html = await renderInbox(
    await folderWith({
      'evt_1.eml': message('=?utf-8?B?w4lsaXNl?= <a@example.org>', 'first'),
      'evt_2.eml': message('"<script>" <b@example.org>', 'second <img src=x onerror=alert(1)>'),
      '.evt_3.part': message('c@example.org', 'half written'),
    }),
  )
  expect(html).toContain('Élise &lt;a@example.org&gt;')
  expect(html.indexOf('second')).toBeLessThan(html.indexOf('first'))
  expect(html).not.toContain('<img')
  expect(html).not.toContain('<script>')
  expect(html).not.toContain('half written')
})

test('given no mail yet, then the page says so', async () => {
  expect(await renderInbox('/nowhere')).toContain('No mail was sent yet.')
})
