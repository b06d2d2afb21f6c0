import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import PostalMime, { type Email } from 'postal-mime'
import { escapeHtml } from '#kernel/html.ts'
import { page } from './pages.ts'

/** Most mails on the page, the youngest first. */
const maxShown = 50

const asArticle = (mail: Email): string => {
  const to = (mail.to ?? []).map(({ name, address }) => (name ? `${name} <${address}>` : (address ?? ''))).join(', ')
  const html = mail.html
    ? `<details><summary>As HTML</summary>
<iframe sandbox="" style="width: 100%; height: 24rem; border: 1px solid; background: #fff" srcdoc="${escapeHtml(mail.html)}"></iframe></details>`
    : ''
  return `<article><h2>${escapeHtml(mail.subject ?? '')}</h2>
<p class="lead">To ${escapeHtml(to)}, ${escapeHtml(mail.date ?? '')}</p>
<pre style="white-space: pre-wrap; overflow-wrap: anywhere">${escapeHtml(mail.text ?? '')}</pre>${html}</article>`
}

/** The page at `/inbox`, in development only: the mails that the shop has written to its folder, the youngest first. */
export const renderInbox = async (dataDir: string): Promise<string> => {
  const folder = join(dataDir, 'mail')
  const files = (await readdir(folder).catch(() => [])).filter((file) => /^\w+\.eml$/.test(file))
  // The names are ids of events, which sort by age.
  const youngest = files.toSorted().toReversed().slice(0, maxShown)
  const mails = await Promise.all(youngest.map(async (file) => PostalMime.parse(await readFile(join(folder, file)))))
  const list = mails.map(asArticle).join('\n<hr>\n')
  return page('Inbox', `<h1>Inbox</h1>\n${list || '<p class="lead">No mail was sent yet.</p>'}`)
}
