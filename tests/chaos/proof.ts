import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const file = join(import.meta.dirname, '../../docs/proof.md')

const begin = (name: string): string => `<!-- chaos ${name}: begin (made by \`npm run test:chaos\`) -->`
const end = (name: string): string => `<!-- chaos ${name}: end -->`

/** The text with the place of this scenario filled anew. @throws Error when it has no such place. */
export const withSection = (text: string, name: string, section: string): string => {
  const [from, to] = [text.indexOf(begin(name)), text.indexOf(end(name))]
  if (from < 0 || to < from) throw new Error(`docs/proof.md has no place for the scenario ${name}.`)
  return `${text.slice(0, from)}${begin(name)}\n\n${section}\n\n${text.slice(to)}`
}

/** Writes what was measured into docs/proof.md, in the place of what was measured before. */
export const writeSection = async (name: string, section: string): Promise<void> =>
  writeFile(file, withSection(await readFile(file, 'utf8'), name, section))
