/** `npm run test:chaos -- --scenario NAME --seed N ...`: F7 is about a Redis that is shared, and has a program of its own. */
const isAboutRedis = process.argv.some((text, index, all) => `${all[index - 1]} ${text}`.endsWith('--scenario F7'))

await import(isAboutRedis ? './redis/run.ts' : './run.ts')
