import type { SendMailOptions } from 'nodemailer'
import type { Mail } from './mail.ts'

/** A line break in a header would begin another header (threat: CRLF in mail). */
const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').trim()

/** The mail as nodemailer is to write it: in both forms, encoded so that any server passes it unchanged, with an ID that a repetition keeps. */
export const toMessage = (from: string, { id, to, toName, subject, text, html, at }: Mail): SendMailOptions => ({
  from: { name: 'Emporion', address: oneLine(from) },
  to: { name: oneLine(toName), address: oneLine(to) },
  subject: oneLine(subject),
  text,
  html,
  date: at,
  messageId: `<${oneLine(id)}@${from.split('@').at(-1)}>`,
  headers: { 'Auto-Submitted': 'auto-generated' },
  disableFileAccess: true,
  disableUrlAccess: true,
})
