import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { days, hours } from '#kernel/time.ts'
import type { Certificate, CertificateFiles } from '#platform/certificate.ts'

/** Browsers refuse certificates that are good for much longer than a year, also their users' own. */
const life = days(365)

/** A self-signed certificate for this machine: `localhost` and its addresses. */
export const makeCertificate = async (now: number): Promise<Certificate> => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // A clock that is a little behind must not find it too young.
    notBeforeDate: new Date(now - hours(1)),
    notAfterDate: new Date(now + life),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  return { cert, key }
}

/** Writes a certificate into a folder, the key for its owner only. */
export const writeCertificate = async (folder: string, { cert, key }: Certificate): Promise<CertificateFiles> => {
  const files = { certFile: join(folder, 'certificate.pem'), keyFile: join(folder, 'key.pem') }
  await mkdir(folder, { recursive: true })
  await writeFile(files.keyFile, key, { mode: 0o600 })
  await writeFile(files.certFile, cert)
  return files
}
