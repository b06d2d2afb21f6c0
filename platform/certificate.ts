import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { type Clock, seconds } from '#kernel/time.ts'
import { faultFields, type Log } from './log.ts'

/** Where certificate (with its chain) and private key lie, as PEM. */
export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** Parameters table: TLS. */
export const minTlsVersion = 'TLSv1.2'

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`)
  }
}

const parse = <T>(what: string, make: () => T): T => {
  try {
    return make()
  } catch {
    throw new Error(what)
  }
}

/**
 * Certificate and key, checked: both are PEM, belong together and are not over.
 * @throws Error with one sentence that names the file, and never its content.
 */
export const readCertificate = ({ certFile, keyFile }: CertificateFiles, now: number): Certificate => {
  const [cert, key] = [read(certFile), read(keyFile)]
  const x509 = parse(`${certFile} is not a certificate in PEM`, () => new X509Certificate(cert))
  const privateKey = parse(`${keyFile} is not a private key in PEM without a passphrase`, () => createPrivateKey(key))
  if (!x509.checkPrivateKey(privateKey)) throw new Error(`${keyFile} is not the key of ${certFile}`)
  if (x509.validToDate.getTime() <= now) throw new Error(`${certFile} ended at ${x509.validToDate.toISOString()}`)
  parse(`${certFile} or its chain cannot be used`, () => createSecureContext({ cert, key, minVersion: minTlsVersion }))
  return { cert, key }
}

interface Renewal {
  readonly files: CertificateFiles
  readonly clock: Clock
  readonly log: Log
  readonly renew: (certificate: Certificate) => void
  readonly pollMs?: number
}

/** How often the files are looked at: a renewed certificate serves within this time. */
const defaultPollMs = seconds(5)

/**
 * Reads the files again after each change, by polling: a mounted secret changes behind symbolic links, which notifications of the
 * file system do not follow. What cannot be used is logged, and the certificate before it stays: that one file is newer than the
 * other for a moment is no fault.
 * @returns what ends it
 */
export const keepCertificate = ({ files, clock, log, renew, pollMs = defaultPollMs }: Renewal): (() => void) => {
  const changed = (): void => {
    try {
      renew(readCertificate(files, clock.now()))
      log.info('the certificate was renewed')
    } catch (error) {
      log.error('the new certificate cannot be used; the one before it stays', faultFields(error))
    }
  }
  const both = [files.certFile, files.keyFile]
  for (const file of both) watchFile(file, { interval: pollMs, persistent: false }, changed)
  return () => {
    for (const file of both) unwatchFile(file, changed)
  }
}
