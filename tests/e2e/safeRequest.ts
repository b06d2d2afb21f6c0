import { type RawAnswer, send, type TestShop } from '../client.ts'

/** What must never be told: where the code lies, what it is made of, where the parts of the shop listen. */
const inside =
  /\bat [\w.<>]+ \(|node_modules|\.[jt]s:\d|stacktrace|serviceName|mongodb:|127\.0\.0\.1|localhost|subgraph|mongoose|E11000/i

type Args = Parameters<typeof send> extends [TestShop, ...infer Rest] ? Rest : never

/** As `send`, for requests that are refused: fails when the answer tells of the inside of the shop. */
export const safeRequest = async (shop: TestShop, ...args: Args): Promise<RawAnswer> => {
  const answer = await send(shop, ...args)
  const found = inside.exec(answer.text)
  if (found) throw new Error(`the answer tells of the inside ("${found[0]}"): ${answer.text}`)
  return answer
}
