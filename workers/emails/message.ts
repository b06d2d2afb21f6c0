import type { Mail } from './mail.ts'

/** A line break in a header would begin another header (threat: CRLF in mail). */
const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').trim()

const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

/** At most 75 characters per encoded word (RFC 2047): 42 bytes of UTF-8, cut between characters. */
const encodedWords = (text: string): string => {
  const words: string[] = ['']
  for (const character of text) {
    const longer = `${words.at(-1)}${character}`
    if (Buffer.byteLength(longer) > 42) words.push(character)
    else words[words.length - 1] = longer
  }
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ')
}

const headerText = (text: string): string => (isPlain(oneLine(text)) ? oneLine(text) : encodedWords(oneLine(text)))

/** A name that holds special characters is quoted; one that is not ASCII is encoded. */
const displayName = (name: string): string => {
  const line = oneLine(name)
  return isPlain(line) ? `"${line.replaceAll(/["\\]/g, '\\$&')}"` : encodedWords(line)
}

/** Lines of at most 76 characters in base64, so that any text passes any server unchanged. */
const body = (text: string): string =>
  (
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n')

/** The mail as a message of RFC 5322. */
export const toMessage = (from: string, { id, to, toName, subject, text, at }: Mail): string =>
  [
    `From: Emporion <${oneLine(from)}>`,
    `To: ${displayName(toName)} <${oneLine(to)}>`,
    `Subject: ${headerText(subject)}`,
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${oneLine(id)}@${from.split('@').at(-1)}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    'Auto-Submitted: auto-generated',
    '',
    body(text),
    '',
  ].join('\r\n')
