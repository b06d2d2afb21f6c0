import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** The table in which process numbers mean something: a container has its own, and a new one each time it starts. */
const pidTable = (): string => {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

const machine = (): string => `${hostname()}/${pidTable()}`

/** The name under which a process holds leases: where it runs, its number there, and a nonce, because numbers come again. */
export const holderName = (nonce: string): string => `${machine()} ${process.pid} ${nonce}`

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether a holder is certainly no more: it was a process beside this one, and there is none of its number. Of other machines nobody can tell. */
export const isGone = (holder: string): boolean => {
  const [, place, pid] = /^(.*) (\d+) \S+$/.exec(holder) ?? []
  return place === machine() && pid !== undefined && !isAlive(Number(pid))
}
