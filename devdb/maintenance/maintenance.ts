import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { decode } from '../bson/decode.ts'
import { DamagedError, LockedError, openFile } from '../storage/sqlite/file.ts'
import { ownerOf } from '../storage/sqlite/keys.ts'
import { connectRaw } from '../wire/rawClient.ts'
import type { Task } from './arguments.ts'

/** What there is to say, and the exit code: 0 done, 1 not possible, 3 damage was found. */
export type Outcome = { readonly code: 0 | 1 | 3; readonly lines: readonly string[] }

const fileName = 'devdb.sqlite'

const refused = (line: string): Outcome => ({ code: 1, lines: [line] })

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Reads every row of a data file: how much there is, and what does not match its checksum. */
const inspect = (path: string): Outcome => {
  const file = openFile(path)
  try {
    file.checkStructure()
    const names = new Map<number, string>()
    const damages: string[] = []
    let documents = 0
    for (const { table, key, bytes, intact } of file.inspect()) {
      const place = table === 'documents' ? `a document of ${names.get(ownerOf(Number(key))) ?? '?'}` : `table ${table}`
      if (!intact) damages.push(`damaged: ${place}, row ${key}`)
      else if (table === 'collections') names.set(Number(key), String(decode(bytes).namespace))
      else if (table === 'documents') documents++
    }
    if (damages.length > 0) return { code: 3, lines: damages }
    return { code: 0, lines: [`intact: ${names.size} collections, ${documents} documents`] }
  } catch (error) {
    if (!(error instanceof DamagedError)) throw error
    return { code: 3, lines: [`damaged: ${error.message}`] }
  } finally {
    file.close()
  }
}

type Serving = { readonly port: number; readonly url: string }

const servingOf = (data: string): Serving | undefined => {
  try {
    return JSON.parse(readFileSync(join(data, 'devdb.json'), 'utf8')) as Serving
  } catch {
    return undefined
  }
}

/** The address behind a URL of a unix socket; a TCP port otherwise. */
const endOf = ({ port, url }: Serving): number | string => {
  const host = /^mongodb:\/\/([^/]+)/.exec(url)?.[1] ?? ''
  return host.includes('%2F') ? decodeURIComponent(host) : port
}

/** Asks the server of the folder for a copy, which it makes in its own folder while it goes on serving. */
const copyFromServer = async (serving: Serving, name: string): Promise<string> => {
  const client = await connectRaw(endOf(serving))
  try {
    const reply = await client.send({ devdbBackup: name, $db: 'admin' })
    if (reply.ok !== 1) throw new Error(String(reply.errmsg))
    return String(reply.file)
  } finally {
    client.end()
  }
}

const moveFile = (from: string, to: string): void => {
  // Over the border of a file system a rename is impossible; the copy appears under its name when it is complete.
  copyFileSync(from, `${to}.part`)
  renameSync(`${to}.part`, to)
  rmSync(from)
}

const copyClosed = (path: string, to: string): void => {
  const file = openFile(path)
  try {
    file.copyInto(`${to}.part`)
  } finally {
    file.close()
  }
  renameSync(`${to}.part`, to)
}

const backUp = async ({ data, to }: Extract<Task, { verb: 'backup' }>): Promise<Outcome> => {
  const path = join(data, fileName)
  if (!existsSync(path)) return refused(`there is no data in ${data}`)
  if (existsSync(to)) return refused(`${to} exists already`)
  mkdirSync(dirname(resolve(to)), { recursive: true })
  try {
    copyClosed(path, to)
  } catch (error) {
    const serving = servingOf(data)
    if (!(error instanceof LockedError) || serving === undefined) throw error
    moveFile(await copyFromServer(serving, `backup-${process.pid}`), to)
  }
  const { code, lines } = inspect(to)
  return { code, lines: [...lines, `written: ${to}`] }
}

const restore = ({ data, from }: Extract<Task, { verb: 'restore' }>): Outcome => {
  const path = join(data, fileName)
  if (!existsSync(from)) return refused(`${from} does not exist`)
  if (existsSync(path)) return refused(`${data} holds data already: move it away first`)
  mkdirSync(data, { recursive: true })
  copyFileSync(from, `${path}.part`)
  const found = inspect(`${path}.part`)
  if (found.code !== 0) {
    rmSync(`${path}.part`)
    return found
  }
  renameSync(`${path}.part`, path)
  return { code: 0, lines: [...found.lines, `restored into ${data}`] }
}

const check = ({ data }: { readonly data: string }): Outcome => {
  if (!existsSync(data)) return refused(`${data} does not exist`)
  const path = statSync(data).isDirectory() ? join(data, fileName) : data
  return existsSync(path) ? inspect(path) : refused(`there is no data in ${data}`)
}

/** Does one task of maintenance; whatever hinders it becomes an outcome with code 1. */
export const maintain = async (task: Task): Promise<Outcome> => {
  try {
    if (task.verb === 'backup') return await backUp(task)
    return task.verb === 'restore' ? restore(task) : check(task)
  } catch (error) {
    if (error instanceof LockedError) return refused(`the data folder ${task.data} is in use: stop its server first`)
    return refused(textOf(error))
  }
}
