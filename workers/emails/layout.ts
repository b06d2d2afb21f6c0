import { escapeHtml } from '#kernel/html.ts'

/** A part of a mail, between empty lines. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  /** Something to copy, on a line of its own. */
  | { readonly kind: 'token'; readonly text: string }
  | { readonly kind: 'rows'; readonly rows: readonly (readonly [what: string, amount: string])[] }

export interface Letter {
  readonly subject: string
  readonly name: string
  readonly blocks: readonly Block[]
}

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text })

/** Lines of at most 76 characters, broken between words. */
const wrap = (text: string): string => text.replaceAll(/(?=.{77})(.{1,76}) /g, '$1\n')

const asText = (block: Block): string => {
  if (block.kind === 'rows') return block.rows.map(([what, amount]) => `${what}: ${amount}`).join('\n')
  return block.kind === 'token' ? block.text : wrap(block.text)
}

const asHtml = (block: Block): string => {
  if (block.kind === 'paragraph') return `<p>${escapeHtml(block.text)}</p>`
  if (block.kind === 'token')
    return `<p style="font-family: monospace; font-size: 16px; overflow-wrap: anywhere">${escapeHtml(block.text)}</p>`
  const cells = block.rows.map(
    ([what, amount]) =>
      `<tr><td style="padding: 2px 24px 2px 0">${escapeHtml(what)}</td><td style="text-align: right">${escapeHtml(amount)}</td></tr>`,
  )
  return `<table style="border-collapse: collapse">${cells.join('')}</table>`
}

export const toText = ({ name, blocks }: Letter): string =>
  [`Hello ${name},`, ...blocks.map(asText), 'Emporion', ''].join('\n\n').replace(/\n+$/, '\n')

/** The same as HTML: without pictures, links or scripts, so that nothing is loaded when it is read. */
export const toHtml = ({ subject, name, blocks }: Letter): string =>
  [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>`,
    '<body style="font: 15px/1.5 sans-serif; color: #1c1917; max-width: 38em">',
    `<p>Hello ${escapeHtml(name)},</p>`,
    ...blocks.map(asHtml),
    '<p>Emporion</p>',
    '</body></html>',
    '',
  ].join('\n')
