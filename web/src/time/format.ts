// Instants and wall clocks. A conference happens at an instant; people read it on the clock of a time zone.
// Nothing here reads the hour: `now` is an argument.

const minute = 60_000 // milliseconds, as everything below
const hour = 60 * minute
const day = 24 * hour

/** The IANA name of this browser's time zone. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** "2026년 11월 24일" or "November 24, 2026". */
export function formatDay(at: Date, locale: string, zone: string): string {
  return new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', day: 'numeric', timeZone: zone }).format(at)
}

/** The same for a day of the calendar, YYYY-MM-DD, which belongs to no time zone. */
export function formatCalendarDay(day: string, locale: string): string {
  return formatDay(new Date(`${day}T12:00:00Z`), locale, 'UTC')
}

/** "2026년 11월 24일 (화)" or "November 24, 2026 (Tue)". */
export function formatDate(at: Date, locale: string, zone: string): string {
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: zone }).format(at)
  return `${formatDay(at, locale, zone)} (${weekday})`
}

/** "19:30". Every language gets the 24-hour clock the club's own times are kept in; browsers differ in their words for noon. */
export function formatTime(at: Date, locale: string, zone: string): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(at)
}

/** Date and both times; the second date only where the meeting crosses midnight. */
export function formatRange(start: Date, end: Date, locale: string, zone: string): string {
  const head = `${formatDate(start, locale, zone)} ${formatTime(start, locale, zone)}`
  const sameDay = wallDate(start, zone) === wallDate(end, zone)
  const tail = sameDay ? formatTime(end, locale, zone) : `${formatDate(end, locale, zone)} ${formatTime(end, locale, zone)}`
  return `${head} – ${tail}`
}

export interface Countdown {
  unit: 'days' | 'hours' | 'minutes' | 'soon' | 'past'
  days: number
  hours: number
  minutes: number
}

/** How long until `at`, split as people say it; the last minute is "soon". */
export function countdown(now: Date, at: Date): Countdown {
  const left = at.getTime() - now.getTime()
  const split = { days: Math.floor(left / day), hours: Math.floor((left % day) / hour), minutes: Math.floor((left % hour) / minute) }
  if (left <= 0) return { unit: 'past', days: 0, hours: 0, minutes: 0 }
  if (left < minute) return { unit: 'soon', days: 0, hours: 0, minutes: 0 }
  if (left < hour) return { unit: 'minutes', ...split }
  return { unit: left < day ? 'hours' : 'days', ...split }
}

function wallParts(at: Date, zone: string): Record<string, number> {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  })
  return Object.fromEntries(format.formatToParts(at).map((p) => [p.type, Number(p.value)]))
}

/** The date on a zone's calendar as YYYY-MM-DD. */
export function wallDate(at: Date, zone: string): string {
  const p = wallParts(at, zone)
  return `${String(p.year).padStart(4, '0')}-${pad(p.month)}-${pad(p.day)}`
}

/** The time on a zone's clock as HH:MM. */
export function wallTime(at: Date, zone: string): string {
  const p = wallParts(at, zone)
  return `${pad(p.hour)}:${pad(p.minute)}`
}

function pad(n: number | undefined): string {
  return String(n ?? 0).padStart(2, '0')
}

/**
 * The instant at which a zone's clock shows the date (YYYY-MM-DD) and time (HH:MM), or undefined for what is neither.
 * Where clocks are put back, the first of the two; a time that is skipped becomes one as far after the gap.
 */
export function instantOf(date: string, time: string, zone: string): Date | undefined {
  const asUTC = Date.parse(`${date}T${time}:00Z`)
  if (Number.isNaN(asUTC)) return undefined
  const offsetAt = (t: number) => {
    const p = wallParts(new Date(t), zone)
    return Date.UTC(p.year ?? 0, (p.month ?? 1) - 1, p.day, p.hour, p.minute, p.second) - t
  }
  const [before, after] = [offsetAt(asUTC - day), offsetAt(asUTC + day)]
  const early = asUTC - before
  if (offsetAt(early) === before) return new Date(early)
  const late = asUTC - after
  return new Date(offsetAt(late) === after ? late : early)
}

/** Names of all time zones this browser knows, the given ones first. */
export function zoneNames(...first: string[]): string[] {
  return [...new Set([...first, ...Intl.supportedValuesOf('timeZone')])]
}
