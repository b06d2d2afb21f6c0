import { expect, test } from 'vitest'
import { shardings } from './shardKeys.ts'

const entries = Object.entries(shardings)

const page = `# Sharding

Made of \`tests/shardKeys.ts\` by \`tests/sharding.test.ts\`, which fails when they differ (\`npx vitest run tests/sharding.test.ts -u\` writes anew).
\`tests/e2e/shardKeys.e2e.ts\` runs a shop and fails when a query of a collection neither fixes its key nor stands below. What it means for
the size of a shop is in [scale.md](scale.md). Nothing is sharded today, and MongoDB's own sharding was not to be had here.

| collection | shard key | why |
|---|---|---|
${entries.map(([name, { key, why }]) => `| \`${name}\` | ${key === null ? 'none, stays whole' : `\`${key}\``} | ${why} |`).join('\n')}

## What asks every shard

| collection | by | why |
|---|---|---|
${entries
  .flatMap(([name, { scatter = {} }]) =>
    Object.entries(scatter).map(([shape, why]) => `| \`${name}\` | \`${shape}\` | ${why} |`),
  )
  .join('\n')}
`

test('given the table of shard keys, then the document says the same', async () => {
  await expect(page).toMatchFileSnapshot('../docs/sharding.md')
})
