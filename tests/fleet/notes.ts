import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Where a story was told. */
export type Place = 'fleet' | 'one process' | 'left out'

interface StoryNote {
  readonly story: string
  readonly place: Place
  /** Why not over the fleet. */
  readonly reason: string
}

/** Test files run in processes of their own: what they note goes through a file. */
export const openNotes = (): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'emporion-notes-')), 'stories')
  writeFileSync(file, '')
  return file
}

export const noteStory = (file: string, note: StoryNote): void => appendFileSync(file, `${JSON.stringify(note)}\n`)

/** Which stories were told over a fleet and which were not, with the reason of each; the notes are gone then. */
export const closeNotes = (file: string): string => {
  const lines = [...new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean))].sort()
  rmSync(dirname(file), { recursive: true })
  const notes = lines.map((line) => JSON.parse(line) as StoryNote)
  const of = (wanted: Place): StoryNote[] => notes.filter(({ place }) => place === wanted)
  const list = (found: readonly StoryNote[]) => found.map(({ story, reason }) => `  ${story}: ${reason}`)
  return [
    `Files told over a fleet: ${of('fleet').length}; with a shop in one process: ${of('one process').length}`,
    ...list(of('one process')),
    `Tests left out in ${of('left out').length} files`,
    ...list(of('left out')),
    '',
  ].join('\n')
}
