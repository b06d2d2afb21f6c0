/** `node deploy/k8s/generate.ts`: writes the manifests in shop/, eight times the same but for names and ports. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { manifests } from './manifests.ts'

const head = '# Made by deploy/k8s/generate.ts: change manifests.ts, not this file.\n'

for (const [file, objects] of manifests()) {
  const documents = objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
  writeFileSync(join(import.meta.dirname, 'shop', file), head + documents.join('---\n'))
}
