import type { WireMoney } from '#kernel/money.ts'
import type { OrdersEvent } from '../../../subgraphs/orders/events.ts'
import { type Block, type Letter, paragraph } from '../layout.ts'

/** The events of an order of which its buyer is told by mail. */
export const orderMailKinds = [
  'OrderConfirmed',
  'OrderCanceled',
  'OrderRefunded',
] as const satisfies readonly OrdersEvent['type'][]
export type OrderMailKind = (typeof orderMailKinds)[number]

export interface OrderMailing {
  readonly name: string
  readonly number: string | null
  readonly lines: readonly { readonly title: string; readonly quantity: number; readonly total: WireMoney }[]
  readonly totals: {
    readonly shipping: WireMoney
    readonly tax: WireMoney
    readonly taxIncluded: boolean
    readonly total: WireMoney
  }
  readonly refunded: WireMoney | null
}

const amount = ({ amount: text, currencyCode }: WireMoney): string => `${text} ${currencyCode}`

const bill = ({ lines, totals }: OrderMailing): Block => ({
  kind: 'rows',
  rows: [
    ...lines.map(({ title, quantity, total }) => [`${quantity} x ${title}`, amount(total)] as const),
    ['Delivery', amount(totals.shipping)],
    [totals.taxIncluded ? 'Tax, contained in the prices' : 'Tax', amount(totals.tax)],
    ['Total', amount(totals.total)],
  ],
})

const called = ({ number }: OrderMailing): string => (number === null ? 'Your order' : `Your order ${number}`)

const letters: Readonly<Record<OrderMailKind, (order: OrderMailing) => Omit<Letter, 'name'>>> = {
  OrderConfirmed: (order) => ({
    subject: `${called(order)} is confirmed`,
    blocks: [paragraph('thank you. Your order is paid, and its goods are yours:'), bill(order)],
  }),
  OrderCanceled: (order) => ({
    subject: `${called(order)} was canceled`,
    blocks: [
      paragraph('your order was canceled. Whatever you paid for it goes back the way it came.'),
      bill(order),
      paragraph('Nothing of it will be delivered.'),
    ],
  }),
  OrderRefunded: (order) => ({
    subject: `Money of ${called(order).toLowerCase()} goes back to you`,
    blocks: [
      paragraph(
        order.refunded
          ? `we have sent back ${amount(order.refunded)}, the way it came.`
          : 'we have sent money back, the way it came.',
      ),
      { kind: 'rows', rows: [['The order cost', amount(order.totals.total)]] },
      paragraph('Until it reaches you, a few working days may pass.'),
    ],
  }),
}

/** What is written to the buyer of an order. */
export const orderLetter = (kind: OrderMailKind, order: OrderMailing): Letter => ({
  name: order.name,
  ...letters[kind](order),
})
