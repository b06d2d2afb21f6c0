import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readTabs } from './tabs.ts'

const style = `
  html, body { height: 100% }
  body { display: flex; flex-direction: column }
  #root { flex: 1; min-height: 0 }
  #root .graphiql-container { height: 100% }
  #session { display: flex; gap: .6rem; align-items: center; padding: .5rem 1rem 0; font: 14px/1.5 system-ui, sans-serif; color: #57534e }
  #session input { flex: 1; min-width: 0; font: 12px/1.6 ui-monospace, monospace; padding: .25rem .5rem; border: 1px solid #d6d3d1; border-radius: .4rem }
  #session button { font: inherit; padding: .2rem .7rem; border: 1px solid #d6d3d1; border-radius: .4rem; background: #fff; cursor: pointer }
`

const bar = `<div id="session">
<label for="token">Access token</label>
<input id="token" autocomplete="off" spellcheck="false" placeholder="none: sign in by an operation, or paste one here">
<button id="guest" type="button">Continue as guest</button>
<button id="forget" type="button">Forget</button>
<a href="/">Emporion</a>
</div>`

/** A value as an expression inside of a script element, which ends at the first thing that looks like its end. */
const literal = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')

/** GraphiQL as one page that loads nothing from elsewhere: some 9 MB with its editor and the editor's workers. */
export const renderExplorer = async (): Promise<string> => {
  const [graphiql, session, tabs] = await Promise.all([
    import('@graphql-yoga/render-graphiql/graphiql'),
    readFile(join(import.meta.dirname, 'session.js'), 'utf8'),
    readTabs(),
  ])
  const workers = {
    editorWorkerService: graphiql.editorWorkerService,
    json: graphiql.jsonWorker,
    graphql: graphiql.graphqlWorker,
  }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Emporion: GraphiQL</title>
<link rel="icon" href="${graphiql.favicon}">
<style>${graphiql.css}${style}</style>
</head>
<body>
${bar}
<div id="root"></div>
<script>
const workers = ${literal(workers)}
const workerUrl = (label) => URL.createObjectURL(new Blob([workers[label]], { type: 'application/javascript' }))
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_, label) => workerUrl(label) }
</script>
<script>${graphiql.js}</script>
<script>${session}</script>
<script>explorer.open(${literal(tabs)})</script>
</body>
</html>
`
}
