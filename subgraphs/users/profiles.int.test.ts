import { describe, expect, it } from 'vitest'
import { anonymous, service, type Viewer } from '#platform/auth.ts'
import { ada, invalidToken, password, startUsers, type Users, viewerOf } from '../../tests/users.ts'

const address = { name: 'Ada', line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', countryCode: 'DE' }

// biome-ignore lint/suspicious/noExplicitAny: answers are described by the selection of each call
type Answer = any

const run = (users: Users, viewer: Viewer, field: string, selection: string, input: object): Promise<Answer> =>
  users.run(viewer, field, `${selection} userErrors { code field }`, input)

const personal =
  'name shopName roles preferences { locale currency marketingConsent } addresses { id address { line1 city } }'
const me = async (users: Users, viewer: Viewer) =>
  (await users.ask(viewer, `{ viewer { ${personal} } }`)).data?.viewer as Answer

describe('a profile', () => {
  it('given an account, when name, preferences and addresses change, then the viewer shows them', async () => {
    const users = await startUsers()
    const viewer = viewerOf(await users.signUp())
    expect(await run(users, viewer, 'updateProfile', 'viewer { name }', { name: ' Ada L. ' })).toEqual({
      viewer: { name: 'Ada L.' },
      userErrors: [],
    })
    await run(users, viewer, 'setPreferences', 'viewer { id }', { locale: 'de-at', marketingConsent: true })
    const home = await run(users, viewer, 'addAddress', 'addresses { id }', { address })
    const [{ id }] = home.addresses
    expect(id).toMatch(/^addr_/)
    await run(users, viewer, 'addAddress', 'addresses { id }', {
      address: { ...address, city: 'Bonn' },
      isDefault: true,
    })
    await run(users, viewer, 'updateAddress', 'addresses { id }', { id, address: { ...address, city: 'Köln' } })
    expect(await me(users, viewer)).toMatchObject({
      name: 'Ada L.',
      preferences: { locale: 'de-AT', currency: null, marketingConsent: true },
      addresses: [{ address: { city: 'Bonn' } }, { id, address: { city: 'Köln' } }],
    })
    expect((await run(users, viewer, 'removeAddress', 'addresses { id }', { id })).addresses).toHaveLength(1)
  })

  it("given faults or somebody else's address, then fields are named and nothing changes", async () => {
    const users = await startUsers()
    const viewer = viewerOf(await users.signUp())
    const eve = viewerOf(await users.signUp({ email: 'eve@example.org', password, name: 'Eve' }))
    const { addresses } = await run(users, viewer, 'addAddress', 'addresses { id }', { address })
    const before = await me(users, viewer)
    const codes = [
      await run(users, viewer, 'updateProfile', 'viewer { name }', { name: '' }),
      await run(users, viewer, 'setPreferences', 'viewer { id }', { locale: 'not a tag' }),
      await run(users, viewer, 'addAddress', 'addresses { id }', { address: { ...address, countryCode: 'XX' } }),
      await run(users, eve, 'removeAddress', 'addresses { id }', { id: addresses[0].id }),
      await run(users, anonymous, 'updateProfile', 'viewer { name }', { name: 'x' }),
    ].map(({ userErrors }) => userErrors[0])
    expect(codes).toMatchObject([
      { code: 'BAD_USER_INPUT', field: ['input', 'name'] },
      { code: 'BAD_USER_INPUT', field: ['input', 'locale'] },
      { code: 'BAD_USER_INPUT', field: ['input', 'address', 'countryCode'] },
      { code: 'NOT_FOUND', field: ['input', 'id'] },
      { code: 'UNAUTHENTICATED' },
    ])
    expect(await me(users, viewer)).toEqual(before)
  })

  it('given a buyer, when a shop is opened, then the account sells under its name, and the log has one entry', async () => {
    const users = await startUsers()
    const viewer = viewerOf(await users.signUp())
    const open = (shopName: string) => run(users, viewer, 'becomeSeller', 'viewer { shopName roles }', { shopName })
    expect((await open('')).userErrors).toMatchObject([{ field: ['input', 'shopName'] }])
    await open('Looms')
    expect(await open('Looms & Co')).toEqual({
      viewer: { shopName: 'Looms & Co', roles: ['BUYER', 'SELLER'] },
      userErrors: [],
    })
    const granted = (await users.acts()).filter(({ action }) => action === 'ROLE_GRANTED')
    expect(granted).toHaveLength(1)
  })
})

describe('closing an account', () => {
  it('given personal data, when closed with the password, then it is erased, all sessions end, the address is free, and others are told', async () => {
    const users = await startUsers()
    const guest = await users.guest()
    const signedUp = await users.signUp(ada, viewerOf(guest))
    const viewer = viewerOf(signedUp)
    await run(users, viewer, 'addAddress', 'addresses { id }', { address })
    const close = (given: string) => run(users, viewer, 'closeAccount', 'closed', { password: given })
    expect(await close('a wrong password')).toEqual({
      closed: false,
      userErrors: [{ code: 'INVALID_CREDENTIALS', field: ['input', 'password'] }],
    })
    expect(await close(password)).toEqual({ closed: true, userErrors: [] })
    const [account] = await users.rows('accounts')
    const { outbox, ...kept } = account!
    expect(JSON.stringify(kept)).not.toMatch(/ada@|"Ada"|Hauptstr/)
    const closed = outbox.find(({ type }: { type: string }) => type === 'AccountClosed')
    expect(closed.payload).toEqual({ accountId: signedUp.viewer!.id, guestIds: [guest.viewer!.id] })
    expect(await users.state(viewer)).toMatchObject({ active: false })
    expect(await users.refresh(signedUp.session!.refreshToken)).toEqual(invalidToken)
    expect((await users.signIn()).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }])
    expect((await users.signIn({ email: kept.email, password })).userErrors).toMatchObject([
      { code: 'INVALID_CREDENTIALS' },
    ])
    expect((await users.signUp()).userErrors).toEqual([])
    expect((await users.acts()).filter(({ action }) => action === 'ACCOUNT_CLOSED')).toHaveLength(1)
  })

  it('given a seller, then closing is refused: products would name nobody', async () => {
    const users = await startUsers()
    const viewer = viewerOf(await users.signUp())
    await run(users, viewer, 'becomeSeller', 'viewer { id }', { shopName: 'Looms' })
    expect((await run(users, viewer, 'closeAccount', 'closed', { password })).userErrors).toMatchObject([
      { code: 'ILLEGAL_STATE' },
    ])
    expect(await users.state(viewer)).toMatchObject({ active: true })
  })
})

describe('an export', () => {
  it('given an account, when its data is exported with the password, then all of it is there, no secret, and the log says so', async () => {
    const users = await startUsers()
    const viewer = viewerOf(await users.signUp(ada, anonymous, { address: '203.0.113.7', userAgent: 'Phone/1' }))
    await run(users, viewer, 'addAddress', 'addresses { id }', { address })
    await users.settle()
    const { json } = await run(users, viewer, 'exportMyData', 'json', { password })
    expect(JSON.parse(json)).toMatchObject({
      account: { email: 'ada@example.org', name: 'Ada', roles: ['BUYER'] },
      addresses: [{ city: 'Berlin' }],
      preferences: { marketingConsent: false },
      sessions: [{ device: 'Phone/1' }],
      acts: [{ action: 'SIGNED_UP', address: '203.0.113.7' }],
    })
    expect(json).not.toMatch(/argon2|[Hh]ash/)
    expect((await run(users, viewer, 'exportMyData', 'json', { password: 'wrong password' })).json).toBeNull()
    expect((await users.acts()).map(({ action }) => action)).toContain('DATA_EXPORTED')
  })
})

describe('what administrators do', () => {
  const fields = 'account { id roles bannedAt }'
  const withAdmin = async () => {
    const users = await startUsers()
    const adminSession = await users.signUp({ email: 'root@example.org', password, name: 'Root' })
    await users.run(service('admin'), 'makeAdmin', 'userErrors { code }', { email: 'root@example.org' })
    const admin = { ...viewerOf(adminSession), roles: ['BUYER', 'ADMIN'] } as Extract<Viewer, { kind: 'user' }>
    const signedUp = await users.signUp()
    return { users, admin, signedUp, viewer: viewerOf(signedUp), id: signedUp.viewer!.id! }
  }

  it('given an account, when banned, then it is out and cannot come back until it is unbanned (threat: use after ban)', async () => {
    const { users, admin, signedUp, viewer, id } = await withAdmin()
    const { account } = await run(users, admin, 'banAccount', fields, { id })
    expect(account).toMatchObject({ id, bannedAt: expect.any(String) })
    expect(await users.state(viewer)).toEqual({ active: false, roles: [] })
    expect(await users.refresh(signedUp.session!.refreshToken)).toEqual(invalidToken)
    expect((await users.signIn()).userErrors).toMatchObject([{ code: 'FORBIDDEN' }])
    expect((await users.signIn({ email: ada.email, password: 'a wrong password' })).userErrors).toMatchObject([
      { code: 'INVALID_CREDENTIALS' },
    ])
    await run(users, admin, 'banAccount', fields, { id })
    expect((await run(users, admin, 'unbanAccount', fields, { id })).account).toMatchObject({ bannedAt: null })
    expect(await users.state(viewer)).toMatchObject({ active: false })
    expect((await users.signIn()).userErrors).toEqual([])
    const acts = (await users.acts()).filter(({ action }) => action.startsWith('ACCOUNT'))
    expect(acts).toMatchObject([
      { action: 'ACCOUNT_BANNED', actorId: admin.id, target: id },
      { action: 'ACCOUNT_UNBANNED', actorId: admin.id, target: id },
    ])
  })

  it('given an account, when a role is granted and taken away, then the session has it at once and loses it at once', async () => {
    const { users, admin, viewer, id } = await withAdmin()
    await run(users, admin, 'grantRole', fields, { id, role: 'SUPPORT' })
    expect(await users.state(viewer)).toEqual({ active: true, roles: ['BUYER', 'SUPPORT'] })
    await run(users, admin, 'revokeRole', fields, { id, role: 'SUPPORT' })
    expect(await users.state(viewer)).toEqual({ active: true, roles: ['BUYER'] })
    for (const [field, role] of [
      ['grantRole', 'SELLER'],
      ['revokeRole', 'BUYER'],
    ] as const)
      expect((await run(users, admin, field, fields, { id, role })).userErrors).toMatchObject([
        { code: 'ILLEGAL_STATE' },
      ])
  })

  it('given oneself, then nobody shuts out or demotes the last administrator by mistake', async () => {
    const { users, admin } = await withAdmin()
    for (const [field, input] of [
      ['banAccount', { id: admin.id }],
      ['revokeRole', { id: admin.id, role: 'ADMIN' }],
    ] as const)
      expect((await run(users, admin, field, fields, input)).userErrors).toMatchObject([{ code: 'ILLEGAL_STATE' }])
  })

  it('given anybody else, then each of it is forbidden, and accounts are not there for them (threat: BOLA)', async () => {
    const { users, admin, id } = await withAdmin()
    const attempts = {
      banAccount: { id },
      unbanAccount: { id },
      grantRole: { id, role: 'ADMIN' },
      revokeRole: { id, role: 'ADMIN' },
    }
    const others = [
      { ...admin, roles: ['BUYER', 'SELLER', 'SUPPORT'] },
      anonymous,
      viewerOf(await users.guest()),
      service('seed'),
    ]
    for (const other of others as Viewer[]) {
      for (const [field, input] of Object.entries(attempts)) {
        const { account, userErrors } = await run(users, other, field, fields, input)
        expect([account, ['FORBIDDEN', 'UNAUTHENTICATED'].includes(userErrors[0].code)]).toEqual([null, true])
      }
      const { data, errors } = await users.ask(other, 'query ($id: ID) { account(id: $id) { email } }', { id })
      expect([data?.account ?? null, errors?.length]).toEqual([null, 1])
      expect((await run(users, other, 'makeAdmin', 'accountId', { email: ada.email })).accountId).toBeNull()
    }
    const find = async (variables: object) =>
      (
        await users.ask(admin, 'query ($id: ID, $email: String) { account(id: $id, email: $email) { id email } }', {
          ...variables,
        })
      ).data?.account
    expect(await find({ email: ' ADA@example.org' })).toMatchObject({ id })
    expect(await find({ id })).toMatchObject({ email: 'ada@example.org' })
    expect(await find({ email: 'eve@example.org' })).toBeNull()
  })
})
