/** An answer that took so long says nothing: the shop may have given up its look at the session, and the signed token counted alone (F8). */
const saysNothingMs = 1_000

/**
 * Asks until the answer is right, which it has to be for whoever asks after `withinMs`; 0: from the first time on. Judged by when it was
 * asked and not by when the answer was there, so that a busy machine is not taken for a slow shop.
 * @throws Error when somebody who asked later than that got another answer.
 */
export const until = async <T>(
  withinMs: number,
  look: () => Promise<T>,
  isRight: (answer: T) => boolean,
): Promise<T> => {
  const began = performance.now()
  for (;;) {
    const asked = performance.now()
    const answer = await look()
    if (isRight(answer)) return answer
    if (asked - began >= withinMs && performance.now() - asked < saysNothingMs)
      throw new Error(`${(asked - began).toFixed(0)} ms later still ${JSON.stringify(answer)}`)
  }
}
