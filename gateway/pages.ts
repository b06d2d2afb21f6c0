/** A page in the style of the shop. */
export const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 44rem; margin: 10vh auto; padding: 0 1.5rem; color: #1c1917; background: #fafaf9 }
  h1 { font-weight: 650; letter-spacing: -.02em; margin-bottom: .2em } a { color: #0f766e } code { background: #e7e5e4; padding: .1em .35em; border-radius: .3em }
  li { margin: .5em 0 } p.lead { font-size: 1.1rem; color: #57534e }
  @media (prefers-color-scheme: dark) { body { background: #1c1917; color: #e7e5e4 } a { color: #5eead4 } code { background: #292524 } p.lead { color: #a8a29e } }
</style>
</head>
<body>${body}</body>
</html>
`

/** The page at `/`: where to go from here. `origin` is how this gateway is reached. */
export const welcomePage = (origin: string): string =>
  page(
    'Emporion',
    `<h1>Emporion</h1>
<p class="lead">A shop as one federated, live GraphQL graph. It is running.</p>
<ul>
  <li><a href="/graphiql">GraphiQL</a>: explore the graph, works offline, subscriptions included.</li>
  <li><a href="https://studio.apollographql.com/sandbox/explorer?endpoint=${origin}/graphql">Apollo Sandbox</a> on this endpoint, or <a href="/graphql">embedded here</a> (both load from Apollo's servers).</li>
  <li><code>POST /graphql</code> for queries and mutations, <code>${origin.replace('http', 'ws')}/graphql</code> (graphql-transport-ws) for subscriptions.</li>
  <li><a href="/inbox">Inbox</a>: the mails that the shop has sent.</li>
  <li><a href="/health/ready">Readiness</a>, <a href="/health/live">liveness</a>, <a href="/.well-known/jwks.json">public keys</a>.</li>
</ul>
<p>Sign-in: take <code>session.accessToken</code> from <code>continueAsGuest</code>, <code>signUp</code> or <code>signIn</code> and send it as
<code>Authorization: Bearer ...</code>; over the WebSocket as <code>authorization</code> in the connection parameters.</p>`,
  )
