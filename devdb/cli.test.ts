import { describe, expect, it } from 'vitest'
import { defaultFolder, readCli } from './cli.ts'

const options = (...args: string[]) => {
  const read = readCli(args)
  if (!('options' in read)) throw new Error(JSON.stringify(read))
  return read.options
}

const problems = (...args: string[]): string => {
  const read = readCli(args)
  return 'problems' in read ? read.problems.join('\n') : 'none'
}

describe('the command line', () => {
  it("given nothing, then MongoDB's port, loopback, a folder and a replica set", () => {
    expect(options()).toEqual({
      host: '127.0.0.1',
      port: 27017,
      socket: undefined,
      data: defaultFolder,
      standalone: false,
      testCommands: false,
      ttlIntervalMs: 60_000,
      parentWatch: false,
    })
  })

  it('given --ephemeral, then no folder, and failpoints may be set', () => {
    expect(options('--ephemeral', '--port=0')).toMatchObject({ data: undefined, testCommands: true, port: 0 })
  })

  it('given --replset, then it is what it is anyway', () => {
    expect(options('--replset')).toEqual(options())
    expect(options('--standalone').standalone).toBe(true)
  })

  it('given --help, then a text that names every option', () => {
    const read = readCli(['--help'])
    const text = 'help' in read ? read.help : ''
    for (const name of ['port', 'host', 'socket', 'data', 'ephemeral', 'replset', 'standalone', 'parent-watch'])
      expect(text).toContain(`--${name}`)
  })

  it.each([
    [['--replset', '--standalone'], '--replset and --standalone exclude each other'],
    [['--data', 'x', '--ephemeral'], '--data and --ephemeral exclude each other'],
    [['--socket', '/x.sock', '--port', '1'], '--socket and --port exclude each other'],
    [['--socket', '/tmp/devdb'], '--socket must end in .sock'],
    [['--socket', `/${'x'.repeat(120)}.sock`], '--socket is longer than 107 bytes'],
    [['--port', '65536'], '--port must be a number'],
    [['--port'], '--port needs a value'],
    [['--data='], '--data needs a value'],
    [['--ephemeral=yes'], '--ephemeral takes no value'],
    [['--ttl-interval-ms', '0'], '--ttl-interval-ms must be'],
    [['--nope'], "unknown option '--nope'"],
    [['word'], "unexpected argument 'word'"],
  ])('given %j, then it says %s', (args, text) => {
    expect(problems(...args)).toContain(text)
  })
})
