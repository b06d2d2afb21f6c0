const amount = (name: string, usual: number): number => {
  const asked = Number(process.env[name] ?? usual)
  if (!Number.isSafeInteger(asked) || asked < 1) throw new Error(`${name} must be a whole number from 1`)
  return asked
}

/** How much a test run tries; the environment asks for more than the usual, or for another seed. */
export const amounts = {
  fuzzFrames: amount('FUZZ_FRAMES', 10_000),
  fuzzSeed: amount('FUZZ_SEED', 1),
  killSeed: amount('KILL_SEED', 1),
  differentialRuns: amount('DIFFERENTIAL_RUNS', 100),
  modelRuns: amount('MODEL_RUNS', 200),
}
