import { expect, onTestFinished, test } from 'vitest'
import { causedBy, presentCause } from './cause.ts'
import { beginSpan, isTracing, traced, traceWith } from './tracing.ts'

interface Seen {
  readonly name: string
  readonly parent: string | undefined
  failure?: string
  ended?: true
}

const watch = () => {
  const seen: Seen[] = []
  const leave = traceWith({
    begin: (name, _about, parent) => {
      const span: Seen = { name, parent }
      seen.push(span)
      return {
        traceparent: `${name}!`,
        end: (failure) => void Object.assign(span, { ended: true, ...(failure && { failure }) }),
      }
    },
  })
  onTestFinished(leave)
  return { seen, leave }
}

const client = { kind: 'client' } as const
const request = { requestId: 'req_1', traceparent: 'above' }

test('given nobody traces, when work is done as a span, then it is only done', async () => {
  expect(isTracing()).toBe(false)
  expect(beginSpan('a', client)).toBeNull()
  expect(await traced('a', client, async () => presentCause())).toBeUndefined()
})

test('given work within work, when it is traced, then each span stands below the one around it, and the request stays known', async () => {
  const { seen } = watch()
  const inner = await causedBy(request, () =>
    traced('outer', client, () => traced('inner', client, async () => presentCause())),
  )
  expect(inner).toEqual({ requestId: 'req_1', traceparent: 'inner!' })
  expect(seen).toEqual([
    { name: 'outer', parent: 'above', ended: true },
    { name: 'inner', parent: 'outer!', ended: true },
  ])
})

test('given nothing above, when work is traced, then only what may begin a trace does: polls and timers leave none', async () => {
  const { seen } = watch()
  await traced('poll', client, async () => undefined)
  await traced('request', { ...client, begins: true }, async () => undefined)
  expect(seen.map(({ name }) => name)).toEqual(['request'])
})

test('given work that fails, when it is traced, then the span has the name of the error and not its text (threat: privacy)', async () => {
  const { seen } = watch()
  const failing = async () => {
    throw new TypeError('the secret is 42')
  }
  await expect(causedBy(request, () => traced('a', client, failing))).rejects.toThrow('42')
  expect(seen).toEqual([{ name: 'a', parent: 'above', ended: true, failure: 'TypeError' }])
})
