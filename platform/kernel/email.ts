/**
 * The form in which addresses are stored and compared: trimmed, composed (NFC), lower case. RFC 5321 lets the local part be
 * case-sensitive; no provider does it, and two accounts that differ by case only would be a trap.
 */
export const normaliseEmail = (text: string): string => text.trim().normalize('NFC').toLowerCase()
