import type { Random } from '../random.ts'

export type Fields = { readonly [field: string]: unknown }

export type Row = {
  readonly _id: string
  readonly writer: number
  readonly code: string
  readonly group: number
  readonly amount: number
  readonly tags: readonly string[]
}

/** What one writer has made so far: nobody else touches its rows, so every one of them is known exactly. */
export type State = {
  readonly rows: ReadonlyMap<string, Row>
  /** Notes are written by transactions only. */
  readonly notes: readonly string[]
  /** Its share of the counter that all writers increment. */
  readonly count: number
}

export const nothing: State = { rows: new Map(), notes: [], count: 0 }

/** A write: what is sent, and what must be there when it has happened. Several commands are one transaction. */
export type Operation = {
  readonly name: string
  readonly commands: readonly Fields[]
  readonly after: State
}

type Turn = { readonly writer: number; readonly serial: number; readonly random: Random; readonly state: State }

type Kind = (turn: Turn) => Operation

const tagOf = (random: Random): string => `tag-${random.between(1, 9)}`

const rowOf = ({ writer, serial, random }: Turn, part = 0): Row => ({
  _id: `${writer}-${serial}-${part}`,
  writer,
  code: `code-${writer}-${serial}-${part}`,
  group: random.between(0, 6),
  amount: random.between(1, 1000),
  tags: [...new Set([tagOf(random), tagOf(random), tagOf(random)])],
})

const withRows = (state: State, rows: readonly Row[]): State => ({
  ...state,
  rows: new Map([...state.rows, ...rows.map((row): [string, Row] => [row._id, row])]),
})

const withoutRow = (state: State, { _id }: Row): State => ({
  ...state,
  rows: new Map([...state.rows].filter(([id]) => id !== _id)),
})

const chosen = ({ state, random }: Turn): Row | undefined => {
  const rows = [...state.rows.values()]
  return rows[random.between(0, Math.max(0, rows.length - 1))]
}

const insert: Kind = (turn) => {
  const rows = Array.from({ length: turn.random.between(1, 4) }, (_, part) => rowOf(turn, part))
  return { name: 'insert', commands: [{ insert: 'rows', documents: rows }], after: withRows(turn.state, rows) }
}

const update: Kind = (turn) => {
  const row = chosen(turn)
  if (row === undefined) return insert(turn)
  const [group, tag] = [turn.random.between(0, 6), `new-${turn.serial}`]
  const changed = { ...row, group, amount: row.amount + 1, tags: [...row.tags, tag].slice(-5) }
  const change = { $set: { group }, $inc: { amount: 1 }, $push: { tags: { $each: [tag], $slice: -5 } } }
  return {
    name: 'update',
    commands: [{ update: 'rows', updates: [{ q: { _id: row._id }, u: change }] }],
    after: withRows(turn.state, [changed]),
  }
}

const findAndModify: Kind = (turn) => {
  const row = chosen(turn)
  if (row === undefined) return insert(turn)
  const query = { _id: row._id, amount: { $gte: row.amount } }
  return {
    name: 'findAndModify',
    commands: [{ findAndModify: 'rows', query, update: { $inc: { amount: 5 } }, new: true }],
    after: withRows(turn.state, [{ ...row, amount: row.amount + 5 }]),
  }
}

const count: Kind = ({ writer, state }) => ({
  name: 'count',
  commands: [
    {
      update: 'counters',
      updates: [{ q: { _id: 'all' }, u: { $inc: { total: 1, [`w${writer}`]: 1 } }, upsert: true }],
    },
  ],
  after: { ...state, count: state.count + 1 },
})

const remove: Kind = (turn) => {
  const row = chosen(turn)
  if (row === undefined) return insert(turn)
  return {
    name: 'delete',
    commands: [{ delete: 'rows', deletes: [{ q: { code: row.code }, limit: 1 }] }],
    after: withoutRow(turn.state, row),
  }
}

const bulkWrite: Kind = (turn) => {
  const row = chosen(turn)
  if (row === undefined) return insert(turn)
  const added = rowOf(turn)
  const ops = [
    { insert: 0, document: added },
    { update: 0, filter: { _id: added._id }, updateMods: { $inc: { amount: 7 } } },
    { delete: 0, filter: { _id: row._id } },
  ]
  return {
    name: 'bulkWrite',
    commands: [{ bulkWrite: 1, ops, nsInfo: [{ ns: 'proof.rows' }], $db: 'admin' }],
    after: withRows(withoutRow(turn.state, row), [{ ...added, amount: added.amount + 7 }]),
  }
}

/** Moves an amount between two rows, and notes that it did. */
const transfer: Kind = (turn) => {
  const [one, other] = [chosen(turn), chosen(turn)]
  if (one === undefined || other === undefined || one === other) return insert(turn)
  const note = `${turn.writer}-${turn.serial}`
  const move = (row: Row, by: number) => ({
    update: 'rows',
    updates: [{ q: { _id: row._id }, u: { $inc: { amount: by } } }],
  })
  const moved = [
    { ...one, amount: one.amount - 3 },
    { ...other, amount: other.amount + 3 },
  ]
  return {
    name: 'transaction',
    commands: [move(one, -3), move(other, 3), { insert: 'notes', documents: [{ _id: note, writer: turn.writer }] }],
    after: { ...withRows(turn.state, moved), notes: [...turn.state.notes, note] },
  }
}

// A writer keeps about this many rows: then it removes as often as it inserts.
const enough = 60

/** What the writer does next. */
export const nextOperation = (turn: Turn): Operation => {
  const grown = turn.state.rows.size > enough
  return turn.random.pick<Kind>([
    grown ? remove : insert,
    update,
    findAndModify,
    count,
    remove,
    bulkWrite,
    transfer,
    insert,
  ])(turn)
}
