import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type ServerOptions, startServer } from './server.ts'

/** A server in this process, reached over a real socket: for tests that need no process of their own. */
export const startInProcess = async (overrides: Partial<ServerOptions> = {}) =>
  startServer({
    host: '127.0.0.1',
    port: 0,
    data: undefined,
    standalone: false,
    testCommands: true,
    ttlIntervalMs: 60_000,
    ...overrides,
  })

export type Child = {
  readonly process: ChildProcess
  readonly url: string
  readonly port: number
  /** Sends the signal and waits for the end; answers the exit code (null after a kill). */
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<number | null>
}

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

/** The command as users start it; its whole output and exit code. */
export const runMain = async (args: readonly string[]) => {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** A server as a child process, once it says that it is ready. */
export const startChild = async (args: readonly string[]): Promise<Child> => {
  const place = args.includes('--socket') ? [] : ['--port', '0']
  const child = spawn(process.execPath, [main, ...place, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { url, port } = JSON.parse(line) as { url: string; port: number }
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const exit = once(child, 'exit') as Promise<[number | null]>
    child.kill(signal)
    return (await exit)[0]
  }
  return { process: child, url, port, end }
}

/** Asks until the answer is yes: tests wait for conditions, never for times. */
export const until = async (condition: () => Promise<boolean> | boolean, limitMs = 10_000): Promise<void> => {
  const limit = Date.now() + limitMs
  while (!(await condition())) {
    if (Date.now() > limit) throw new Error('the condition did not come true in time')
    await new Promise((resolve) => setImmediate(resolve))
  }
}
