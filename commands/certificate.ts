/** `npm run certificate [-- <folder>]`: a certificate for trying HTTPS on this machine. Run it again to renew; a running shop takes the new one. */
import { join } from 'node:path'
import { systemClock } from '#kernel/time.ts'
import { makeCertificate, writeCertificate } from './certificate/make.ts'

const [folder = join('.data', 'tls')] = process.argv.slice(2)
const { certFile, keyFile } = await writeCertificate(folder, await makeCertificate(systemClock.now()))
process.stdout.write(`Start the shop with it, and let clients trust ${certFile}:

  TLS_CERT_FILE=${certFile} TLS_KEY_FILE=${keyFile} npm start

`)
