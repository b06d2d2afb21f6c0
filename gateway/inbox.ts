import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { page } from './pages.ts'

/** Most mails on the page, the youngest first. */
const maxShown = 50

interface ShownMail {
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '')

/** Encoded words of RFC 2047 as the mails of this shop use them: UTF-8 in base64. */
const decodeWords = (text: string): string =>
  text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?utf-8\?B\?([^?]*)\?=/g, (_, word: string) => Buffer.from(word, 'base64').toString())

const parseMail = (message: string): ShownMail => {
  const [head = '', body = ''] = message.split('\r\n\r\n')
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())]
  })
  return { headers: new Map(headers), text: Buffer.from(body, 'base64').toString() }
}

const asArticle = ({ headers, text }: ShownMail): string => {
  const show = (name: string) => escapeHtml(headers.get(name) ?? '')
  return `<article><h2>${show('subject')}</h2>
<p class="lead">To ${show('to')}, ${show('date')}</p>
<pre style="white-space: pre-wrap; overflow-wrap: anywhere">${escapeHtml(text)}</pre></article>`
}

/** The page at `/inbox`, in development only: the mails that the shop has written to its folder, the youngest first. */
export const renderInbox = async (dataDir: string): Promise<string> => {
  const folder = join(dataDir, 'mail')
  const files = (await readdir(folder).catch(() => [])).filter((file) => /^\w+\.eml$/.test(file))
  // The names are ids of events, which sort by age.
  const youngest = files.toSorted().toReversed().slice(0, maxShown)
  const mails = await Promise.all(youngest.map(async (file) => parseMail(await readFile(join(folder, file), 'utf8'))))
  const list = mails.map(asArticle).join('\n<hr>\n')
  return page('Inbox', `<h1>Inbox</h1>\n${list || '<p class="lead">No mail was sent yet.</p>'}`)
}
