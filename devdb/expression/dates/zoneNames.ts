import { type Zone, zoneOf } from './zones.ts'

/** Hours ahead of UTC of the zone abbreviations that are read in a date; what a letter means is the military alphabet's. */
const hoursOf: Readonly<Record<string, number>> = {
  utc: 0,
  gmt: 0,
  wet: 0,
  west: 1,
  bst: 1,
  cet: 1,
  cest: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  sast: 2,
  jst: 9,
  kst: 9,
  awst: 8,
  acst: 9.5,
  aest: 10,
  aedt: 11,
  nzst: 12,
  nzdt: 13,
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
  akst: -9,
  akdt: -8,
  hst: -10,
}

const military = 'yxwvutsrqponzabcdefghiklm'

const offsetOf = (hours: number): string => {
  const minutes = Math.abs(hours) * 60
  const digits = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
  return `${hours < 0 ? '-' : '+'}${digits.join('')}`
}

const hoursNamed = (name: string): number | undefined =>
  name.length === 1 && military.includes(name) ? military.indexOf(name) - 12 : hoursOf[name]

const offset = String.raw`(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?`

/** Matches a zone as a date spells it: an offset, perhaps behind GMT, or an abbreviation. */
export const zonePattern = `${offset}|[A-Za-z]{1,5}(?![A-Za-z/])`

/** Whether the zone a date spells is an offset, not a name. */
export const isOffset = (text: string): boolean => new RegExp(`^(?:${offset})$`, 'i').test(text)

/** The zone a date spells; undefined for an abbreviation that is not known. */
export const zoneSpelled = (text: string): Zone | undefined => {
  if (isOffset(text)) {
    const [, sign = '+', hours = '0', minutes = '00'] = /([+-])(\d{1,2}):?(\d{2})?$/.exec(text) ?? []
    return zoneOf(`${sign}${hours.padStart(2, '0')}${minutes}`)
  }
  const hours = hoursNamed(text.toLowerCase())
  return hours === undefined ? undefined : zoneOf(offsetOf(hours))
}
