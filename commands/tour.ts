/** `npm run tour [-- --url http://localhost:4000] [--markdown]`: a buyer and a seller try everything against a running shop. */
import { parseArgs, styleText } from 'node:util'
import { makeTourClient, TourStopped } from './tour/client.ts'
import { runTour, type Step } from './tour/steps.ts'

const widest = 110

/** JSON as a person writes it: on one line where it fits. Tokens are long and secret, so only their beginning is shown. */
const readable = (value: unknown, indent = ''): string => {
  const flat = JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, ' ')
  if (typeof value !== 'object' || value === null || flat.length + indent.length <= widest) return flat
  const deeper = `${indent}  `
  const lines = Array.isArray(value)
    ? value.map((item) => readable(item, deeper))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${readable(shortened(key, item), deeper)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${lines.map((line) => deeper + line).join(',\n')}\n${indent}${close}`
}

const shortened = (key: string, value: unknown): unknown =>
  /Token$/.test(key) && typeof value === 'string' ? `${value.slice(0, 12)}...` : value

const toScreen = ({ title, document, variables, answer }: Step, number: number): string =>
  [
    styleText(['bold', 'cyan'], `\n${number}. ${title}`),
    styleText('gray', document),
    ...(Object.keys(variables).length > 0 ? [styleText('gray', `variables ${JSON.stringify(variables)}`)] : []),
    readable(answer),
  ].join('\n')

const toMarkdown = ({ title, document, variables, answer }: Step, number: number): string =>
  [
    `\n**${number}. ${title}**\n`,
    `\`\`\`graphql\n${document}\n\`\`\``,
    ...(Object.keys(variables).length > 0 ? [`Variables: \`${JSON.stringify(variables)}\``] : []),
    `\`\`\`json\n${readable(answer)}\n\`\`\``,
  ].join('\n')

const options = {
  url: { type: 'string', default: 'http://localhost:4000' },
  markdown: { type: 'boolean', default: false },
} as const

const main = async (): Promise<void> => {
  const { url, markdown } = parseArgs({ options }).values
  let number = 0
  const show = (step: Step): void => {
    number += 1
    console.log((markdown ? toMarkdown : toScreen)(step, number))
  }
  await runTour({
    client: makeTourClient(url.replace(/(?:\/graphql)?\/?$/, '')),
    show,
    suffix: Date.now().toString(36).toUpperCase(),
  })
  if (!markdown) console.log(styleText(['bold', 'green'], `\nDone: ${number} steps, all as they should be.`))
}

main().catch((error: unknown) => {
  const mistake = error instanceof TourStopped || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  console.error(mistake ? (error as Error).message : error)
  process.exit(1)
})
