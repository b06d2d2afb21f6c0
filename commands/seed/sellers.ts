/** The accounts that sell the demo catalogue. Fixed ids: a second start finds them again. For development only. */
export interface SeedSeller {
  readonly id: string
  readonly email: string
  readonly password: string
  readonly name: string
  readonly shopName: string
}

export const lanternHouse: SeedSeller = {
  id: 'usr_01JD0000000000000ANTERN0HS',
  email: 'ida@lantern-house.example',
  password: 'warm light on the stairs',
  name: 'Ida Lindqvist',
  shopName: 'Lantern House',
}

export const tidewaterGoods: SeedSeller = {
  id: 'usr_01JD0000000000000T1DEWATER',
  email: 'tomas@tidewater-goods.example',
  password: 'salt wind and good rope',
  name: 'Tomas Arrieta',
  shopName: 'Tidewater Goods',
}

export const sellers: readonly SeedSeller[] = [lanternHouse, tidewaterGoods]
