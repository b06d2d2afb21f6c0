import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Answer, Charge, MovementOp, Result } from './charge.ts'

export interface BookedMovement {
  /** Counts up from 1: a reader goes on after the last one it has seen. */
  readonly seq: number
  readonly op: MovementOp
  readonly amount: number
  readonly currency: string
  readonly reference: string
  readonly payment: string
  readonly charge: string
  /** How the charge stands after it: what was reserved once, and of that taken, set free, given back. */
  readonly total: number
  readonly captured: number
  readonly released: number
  readonly refunded: number
  readonly at: number
}

/** A webhook on its way to the merchant. */
export interface Notice {
  readonly id: string
  readonly body: string
  readonly attempts: number
}

/** What is written for one call, all of it or nothing. */
export interface Entry {
  readonly key: string
  /** What was asked, to tell a repetition from another call under the same key. */
  readonly demand: string
  readonly result: Result
  readonly notice: { readonly id: string; readonly body: string; readonly dueAt: number }
  readonly at: number
}

const tables = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS charges (id TEXT PRIMARY KEY, payment TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS charges_of_payment ON charges (payment);
  CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, demand TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS movements (seq INTEGER PRIMARY KEY AUTOINCREMENT, op TEXT NOT NULL, amount INTEGER NOT NULL,
    currency TEXT NOT NULL, reference TEXT NOT NULL, payment TEXT NOT NULL, charge TEXT NOT NULL, total INTEGER NOT NULL,
    captured INTEGER NOT NULL, released INTEGER NOT NULL, refunded INTEGER NOT NULL, at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS notices (id TEXT PRIMARY KEY, body TEXT NOT NULL, attempts INTEGER NOT NULL, due_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS notices_due ON notices (due_at);
`

const parsed = <T>(row: Record<string, unknown> | undefined): T | null =>
  row ? (JSON.parse(String(row.body)) as T) : null

/**
 * The provider's books: one SQLite file, or memory when `file` is null. A call is one transaction, so a process that is killed has
 * booked all of it or nothing; only a machine that loses its power may lose the last calls.
 */
export const openBooks = (file: string | null) => {
  if (file) mkdirSync(dirname(file), { recursive: true })
  const database = new DatabaseSync(file ?? ':memory:')
  database.exec(tables)
  const statement = {
    charge: database.prepare('SELECT body FROM charges WHERE id = ?'),
    chargesOf: database.prepare('SELECT body FROM charges WHERE payment = ?'),
    answer: database.prepare('SELECT demand, body FROM answers WHERE key = ?'),
    movements: database.prepare('SELECT * FROM movements WHERE seq > ? ORDER BY seq LIMIT ?'),
    due: database.prepare('SELECT id, body, attempts FROM notices WHERE due_at <= ? ORDER BY due_at LIMIT ?'),
    next: database.prepare('SELECT MIN(due_at) AS at FROM notices'),
    putCharge: database.prepare(
      'INSERT INTO charges (id, payment, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
    ),
    putAnswer: database.prepare('INSERT INTO answers (key, demand, body) VALUES (?, ?, ?)'),
    putMovement: database.prepare(
      `INSERT INTO movements (op, amount, currency, reference, payment, charge, total, captured, released, refunded, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    putNotice: database.prepare('INSERT INTO notices (id, body, attempts, due_at) VALUES (?, ?, 0, ?)'),
    dropNotice: database.prepare('DELETE FROM notices WHERE id = ?'),
    moveNotice: database.prepare('UPDATE notices SET attempts = attempts + 1, due_at = ? WHERE id = ?'),
  }

  const putCharge = (charge: Charge): void => {
    statement.putCharge.run(charge.id, charge.payment, JSON.stringify(charge))
  }

  const transact = (work: () => void): void => {
    database.exec('BEGIN IMMEDIATE')
    try {
      work()
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }

  return {
    charge: (id: string): Charge | null => parsed<Charge>(statement.charge.get(id)),
    chargesOf: (payment: string): Charge[] =>
      statement.chargesOf.all(payment).flatMap((row) => parsed<Charge>(row) ?? []),
    answer: (key: string): { demand: string; answer: Answer } | null => {
      const row = statement.answer.get(key)
      return row ? { demand: String(row.demand), answer: JSON.parse(String(row.body)) as Answer } : null
    },
    movements: (after: number, limit: number): BookedMovement[] =>
      statement.movements.all(after, limit) as unknown as BookedMovement[],
    book: ({ key, demand, result, notice, at }: Entry): void =>
      transact(() => {
        const { charge, answer, movement } = result
        putCharge(charge)
        statement.putAnswer.run(key, demand, JSON.stringify(answer))
        if (movement) {
          const { currency, reference, payment, id, amount, captured, released, refunded } = charge
          const place = [movement.op, movement.amount, currency, reference, payment, id]
          statement.putMovement.run(...place, amount, captured, released, refunded, at)
        }
        statement.putNotice.run(notice.id, notice.body, notice.dueAt)
      }),
    /** A change that is no call: it has a notice, but no key. */
    change: (charge: Charge, notice: Entry['notice']): void =>
      transact(() => {
        putCharge(charge)
        statement.putNotice.run(notice.id, notice.body, notice.dueAt)
      }),
    dueNotices: (now: number, limit: number): Notice[] => statement.due.all(now, limit) as unknown as Notice[],
    /** When the next notice is due; null: none waits. */
    nextDue: (): number | null => (statement.next.get()?.at ?? null) as number | null,
    /** It arrived, or is lost for good. */
    dropNotice: (id: string): void => {
      statement.dropNotice.run(id)
    },
    moveNotice: (id: string, dueAt: number): void => {
      statement.moveNotice.run(dueAt, id)
    },
    close: (): void => database.close(),
  }
}

export type Books = ReturnType<typeof openBooks>
