import { type Browser, chromium, type Page } from 'playwright-core'
import { inject } from 'vitest'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // No name but this machine's can be found: a page that needs the internet does not work here.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]

/** Chromium, headless, on a machine that seems to be without internet. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: inject('chromium') ?? '', args: flags })

export interface WatchedPage {
  readonly page: Page
  /** Where the page sent requests and opened sockets. */
  readonly origins: Set<string>
  /** What went wrong in it. */
  readonly faults: string[]
}

export const openPage = async (browser: Browser): Promise<WatchedPage> => {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
  page.setDefaultTimeout(15_000)
  const origins = new Set<string>()
  const faults: string[] = []
  const note = (url: string): void => {
    if (!/^(?:data|blob):/.test(url)) origins.add(new URL(url).host)
  }
  page.on('request', (request) => note(request.url()))
  page.on('websocket', (socket) => note(socket.url()))
  page.on('pageerror', (error) => void faults.push(error.message))
  page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())))
  return { page, origins, faults }
}
