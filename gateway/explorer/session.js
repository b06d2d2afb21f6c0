// Runs in the browser, before GraphiQL: keeps the token of the box above it, which goes along with every request and every socket.
// Whoever signs in by an operation gets the token into the box, and it is renewed before it ends.
const explorer = (() => {
  const box = document.querySelector('#token')
  const send = globalThis.fetch.bind(globalThis)
  let renewal

  const headers = () => {
    const token = box.value.trim().replace(/^Bearer /i, '')
    return token ? { authorization: `Bearer ${token}` } : {}
  }

  const ask = async (query, variables = {}) => {
    const response = await globalThis.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers() },
      body: JSON.stringify({ query, variables }),
    })
    return response.json()
  }

  const renewQuery =
    'mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) { session { accessToken accessTokenExpiresAt refreshToken } } }'

  const remember = ({ accessToken, accessTokenExpiresAt, refreshToken }) => {
    box.value = accessToken
    clearTimeout(renewal)
    if (!accessTokenExpiresAt || !refreshToken) return
    const wait = Date.parse(accessTokenExpiresAt) - Date.now() - 30_000
    renewal = setTimeout(() => ask(renewQuery, { token: refreshToken }), Math.max(1_000, wait))
  }

  globalThis.fetch = async (...request) => {
    const response = await send(...request)
    const answer = await response
      .clone()
      .json()
      .catch(() => null)
    const payload = Object.values(answer?.data ?? {}).find((value) => value?.session?.accessToken)
    if (payload) remember(payload.session)
    return response
  }

  document.querySelector('#guest').addEventListener('click', () => {
    ask('mutation { continueAsGuest { session { accessToken accessTokenExpiresAt refreshToken } } }')
  })
  document.querySelector('#forget').addEventListener('click', () => {
    clearTimeout(renewal)
    box.value = ''
  })

  const someVariant = async () => {
    const { data } = await ask('{ products(first: 20) { nodes { variants { id availability { left } } } } }')
    const variants = data.products.nodes.flatMap((product) => product.variants)
    return variants.find(({ availability }) => availability.left > 1)?.id ?? 'var_...'
  }

  return {
    open: async (tabs) => {
      const variant = await someVariant().catch(() => 'var_...')
      YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
        title: 'Emporion',
        endpoint: '/graphql',
        subscriptionsProtocol: 'WS',
        additionalHeaders: headers,
        connectionParams: headers,
        // Its own habit is to write the document into the address on every key.
        onEditQuery: () => undefined,
        defaultTabs: tabs.map((tab) => ({ ...tab, variables: tab.variables?.replace('SOME_VARIANT', variant) })),
      })
    },
  }
})()
