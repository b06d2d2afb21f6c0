import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startProvider } from './server.ts'

const help = `The sandbox payment provider.

usage: npm run provider -- [options]      or: node provider/main.ts [options]

  --port N          4010 when absent; 0 takes a free one
  --host ADDRESS    127.0.0.1 when absent
  --file PATH       the books, .data/provider/books.sqlite when absent
  --secret TEXT     shared with the shop (its PROVIDER_SECRET); the one of development when absent. Everybody on the machine can see it
  --secret-file PATH   the same from a file, which nobody sees in a list of processes
  --webhooks URL    where webhooks go, http://127.0.0.1:4000/webhooks/payments/sandbox when absent

When ready it prints one line of JSON to the standard output: {"ready":true,"url":"http://..."}
`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' },
    host: { type: 'string', default: '127.0.0.1' },
    file: { type: 'string', default: '.data/provider/books.sqlite' },
    secret: { type: 'string', default: 'development-only-secret-that-everybody-knows' },
    'secret-file': { type: 'string' },
    webhooks: { type: 'string', default: 'http://127.0.0.1:4000/webhooks/payments/sandbox' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const main = async (): Promise<void> => {
  if (values.help) return console.log(help)
  const { host, file, webhooks: webhookUrl, 'secret-file': secretFile } = values
  const secret = secretFile === undefined ? values.secret : readFileSync(secretFile, 'utf8').trim()
  const provider = await startProvider({ host, port: Number(values.port), secret, file, webhookUrl })
  const stop = (): void => {
    void provider.stop().then(() => process.exit(0))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  console.log(JSON.stringify({ ready: true, url: provider.url }))
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
