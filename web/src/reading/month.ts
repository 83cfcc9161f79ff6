// Months of a calendar as people see them on a wall. Days are YYYY-MM-DD, months YYYY-MM.

/** 0 is Sunday. */
export type FirstWeekday = 0 | 1

const pad = (n: number) => String(n).padStart(2, '0')

/** The month `by` months later; earlier when negative. */
export function shiftMonth(month: string, by: number): string {
  const [year = 0, at = 1] = month.split('-').map(Number)
  const index = year * 12 + at - 1 + by
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${pad((index % 12) + 1)}`
}

/** Its last day. */
export function lastDay(month: string): string {
  const [year = 0, at = 1] = month.split('-').map(Number)
  return `${month}-${pad(new Date(Date.UTC(year, at, 0)).getUTCDate())}`
}

/** The weeks of a month, seven cells each; cells of other months are empty. */
export function weeksOf(month: string, first: FirstWeekday): (string | undefined)[][] {
  const before = (new Date(`${month}-01T00:00:00Z`).getUTCDay() - first + 7) % 7
  const days = Number(lastDay(month).slice(-2))
  const cells = Array.from({ length: Math.ceil((before + days) / 7) * 7 }, (_, i) => {
    const day = i - before + 1
    return day >= 1 && day <= days ? `${month}-${pad(day)}` : undefined
  })
  return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7))
}

/** Names of the weekdays in the order of the columns. */
export function weekdayNames(locale: string, first: FirstWeekday, width: 'short' | 'long'): string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: width, timeZone: 'UTC' })
  // The fourth of January 1970 was a Sunday.
  return Array.from({ length: 7 }, (_, i) => format.format(new Date(Date.UTC(1970, 0, 4 + first + i))))
}

/** "2026년 11월" or "November 2026". */
export function formatMonth(month: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(`${month}-15T12:00:00Z`))
}

/** Whether the text is a month that a calendar can show. */
export function isMonth(text: string): boolean {
  return /^(19|[2-9]\d)\d\d-(0[1-9]|1[0-2])$/.test(text)
}
