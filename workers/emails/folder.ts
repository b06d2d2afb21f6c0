import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Mail, MailTransport } from './mail.ts'
import { toMessage } from './message.ts'

/**
 * Puts each mail as a file `<id>.eml` into a folder: for development, and for mail servers that collect from one. The file appears
 * whole or not at all, and once: its name is the id of the fact.
 */
export const makeMailFolder = (folder: string, from: string): MailTransport => {
  const writer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return {
    send: async (mail: Mail): Promise<void> => {
      if (!/^\w+$/.test(mail.id)) throw new Error('the id of a mail is no file name')
      const file = join(folder, `${mail.id}.eml`)
      const isThere = await stat(file).then(
        () => true,
        () => false,
      )
      if (isThere) return
      await mkdir(folder, { recursive: true })
      const draft = join(folder, `.${mail.id}.part`)
      const { message } = await writer.sendMail(toMessage(from, mail))
      await writeFile(draft, message as Buffer, { mode: 0o600 })
      await rename(draft, file)
    },
    check: async () => undefined,
    stop: () => undefined,
  }
}
