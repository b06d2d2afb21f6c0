import { setTimeout } from 'node:timers/promises'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { freePorts } from './ports.ts'

/** What the server does with the mails of an address; a code is its answer to RCPT, `drop` takes the mail and then cuts the line. */
export type Manner = 'take' | 550 | 421 | 451 | 'slow' | 'drop'

export interface Taken {
  readonly to: string
  readonly messageId: string
  readonly raw: string
  readonly mail: Email
}

const read = async (stream: SMTPServerDataStream): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** What somebody who logs in is told. */
export interface Login {
  readonly user: string
  readonly password: string
  /** The answer to a wrong one: 535 for good, 454 for now; absent: none at all. */
  readonly refusal?: 535 | 454
}

/** A mail server that does as told, by address; it can go away and come back on the same port. With a login it asks for that. */
export const startMailServer = async (login?: Login) => {
  const [port = 0] = await freePorts(1)
  const manners = new Map<string, Manner>()
  const taken: Taken[] = []
  const connected = new Set<{ destroy(): void }>()

  const start = async () => {
    const server = new SMTPServer({
      authOptional: !login,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        if (login?.user === username && login?.password === password) return done(null, { user: username })
        if (login?.refusal) done(Object.assign(new Error('not this login'), { responseCode: login.refusal }))
      },
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onConnect: (_session, done) => done(),
      onRcptTo: ({ address }, _session, done) => {
        const manner = manners.get(address) ?? 'take'
        if (typeof manner !== 'number') return done()
        return done(Object.assign(new Error(`${address} is not to be had`), { responseCode: manner }))
      },
      onData: (stream, session, done) => {
        const to = session.envelope.rcptTo[0]?.address ?? ''
        void read(stream).then(async (raw) => {
          if (manners.get(to) === 'slow') return
          const mail = await PostalMime.parse(raw)
          taken.push({ to, messageId: mail.messageId ?? '', raw, mail })
          if (manners.get(to) === 'drop') for (const socket of connected) socket.destroy()
          else done()
        })
      },
    })
    server.on('error', () => undefined)
    server.server.on('connection', (socket) => {
      connected.add(socket)
      socket.on('close', () => connected.delete(socket))
      socket.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
    return server
  }

  let server: SMTPServer | null = await start()
  const goAway = async (): Promise<void> => {
    const leaving = server
    server = null
    if (!leaving) return
    const closed = new Promise<void>((resolve) => leaving.close(resolve))
    for (const socket of connected) socket.destroy()
    await Promise.race([closed, setTimeout(1_000, undefined, { ref: false })])
  }

  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    /** Distinct mails: one that came twice has one Message-ID. */
    ids: () => [...new Set(taken.map(({ messageId }) => messageId))],
    treat: (address: string, manner: Manner) => void manners.set(address, manner),
    goAway,
    comeBack: async (): Promise<void> => {
      server ??= await start()
    },
    stop: goAway,
  }
}

export type MailServer = Awaited<ReturnType<typeof startMailServer>>
