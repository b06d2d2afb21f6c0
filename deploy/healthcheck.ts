/** `node deploy/healthcheck.ts <port>`: exit code 0 when the unit that listens there is ready. The image has no curl. */
const isReady = async (port: string): Promise<boolean> => {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok
  } catch {
    return false
  }
}

process.exitCode = (await isReady(process.argv[2] ?? '4000')) ? 0 : 1
