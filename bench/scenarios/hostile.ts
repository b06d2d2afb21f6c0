import { hostileDocuments } from '../../tests/hostile.ts'
import { makeRound, type Scenario } from './scenario.ts'

/** One user in five asks something light; the others send documents that are refused, each time as another text. */
const bystanderEvery = 5

const light = '{ viewer { kind } }'

/** What hostile documents do to others (L8), and how fast they are refused. */
export const hostile: Scenario = {
  name: 'hostile',
  series: ['light', 'refusal'],
  makeWorker: ({ ask }, index) => {
    if (index % bystanderEvery === 0) return (measure) => measure('light', async () => void (await ask(light)))
    const next = makeRound(hostileDocuments, index)
    let sent = 0
    return (measure) =>
      measure('refusal', async () => {
        const { query, variables, code } = next()
        sent += 1
        const answer = await ask(query(`S${index}x${sent}x`), variables).then(
          () => 'an answer',
          (error: unknown) => String(error),
        )
        if (!answer.includes(code)) throw new Error(`${code} was expected, and it was ${answer}`)
      })
  },
}
