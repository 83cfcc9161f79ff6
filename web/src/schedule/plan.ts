// A club's rhythm as the editor holds it, and as the API wants it: an RFC 5545 recurrence by weeks or months.
import type { NewSchedule, Schedule, Schemas } from '../api/client'

export type Weekday = Schemas['Weekday']

/** Monday first, as RFC 5545 counts; the editor shows them in the language's own order. */
export const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** The first to the fourth, and the last one of a month. */
export const ordinals = [1, 2, 3, 4, -1] as const

/** `day` of every week, of one week of the month (`week`), or of the month itself. */
export interface Rhythm {
  kind: 'weeks' | 'weekdays' | 'dates'
  every: number
  /** For `weeks`. */
  days: Weekday[]
  /** For `weekdays`: "1mon", "-1fri". */
  places: string[]
  /** For `dates`: 1 to 31, and -1 for the last day. */
  dates: number[]
  until: string
}

export interface SchedulePlan extends Rhythm {
  time: string
  zone: string
  starts: string
  minutes: number
  title: string
  /** A rule the editor cannot show in its parts; it is kept as it is. */
  custom?: string
}

export function emptyPlan(zone: string, starts: string): SchedulePlan {
  return { kind: 'weeks', every: 1, days: [], places: [], dates: [], until: '', time: '20:00', zone, starts, minutes: 90, title: '' }
}

const code = (day: string) => day.slice(0, 2).toUpperCase()
const dayOf = (text: string) => weekdays.find((d) => code(d) === text)

/** The recurrence of a rhythm, or undefined while no day is chosen. */
export function ruleOf(r: Rhythm): string | undefined {
  const parts = [`FREQ=${r.kind === 'weeks' ? 'WEEKLY' : 'MONTHLY'}`]
  if (r.every > 1) parts.push(`INTERVAL=${r.every}`)
  const chosen = chosenDays(r)
  if (!chosen) return undefined
  parts.push(chosen)
  if (r.until) parts.push(`UNTIL=${r.until.replaceAll('-', '')}T235959Z`)
  return parts.join(';')
}

function chosenDays(r: Rhythm): string | undefined {
  switch (r.kind) {
    case 'weeks':
      return r.days.length ? `BYDAY=${weekdays.filter((d) => r.days.includes(d)).map(code).join(',')}` : undefined
    case 'weekdays': {
      const places = ordinals.flatMap((n) => weekdays.map((d) => `${n}${d}`)).filter((p) => r.places.includes(p))
      return places.length ? `BYDAY=${places.map((p) => p.slice(0, -3) + code(p.slice(-3))).join(',')}` : undefined
    }
    case 'dates':
      return r.dates.length ? `BYMONTHDAY=${[...r.dates].sort((a, b) => (a < 0 ? 99 : a) - (b < 0 ? 99 : b)).join(',')}` : undefined
  }
}

/** The rhythm of a recurrence, or undefined for one that the editor has no parts for. */
export function rhythmOf(rrule: string): Rhythm | undefined {
  const parts = new Map(rrule.replace(/^RRULE:/i, '').split(';').map((p) => p.toUpperCase().split('=') as [string, string]))
  const rhythm: Rhythm = { kind: 'weeks', every: Number(parts.get('INTERVAL') ?? 1), days: [], places: [], dates: [], until: '' }
  const until = /^(\d{4})(\d\d)(\d\d)(T.*)?$/.exec(parts.get('UNTIL') ?? '')
  if (until) rhythm.until = `${until[1]}-${until[2]}-${until[3]}`
  const left = new Set(parts.keys())
  for (const key of ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'WKST', ...(until ? ['UNTIL'] : [])]) left.delete(key)
  if (left.size > 0) return undefined
  const [byDay, byDate] = [parts.get('BYDAY'), parts.get('BYMONTHDAY')]
  if (parts.get('FREQ') === 'WEEKLY' && byDay && !byDate) return weekly(rhythm, byDay)
  if (parts.get('FREQ') === 'MONTHLY' && byDay && !byDate) return monthly(rhythm, byDay)
  if (parts.get('FREQ') === 'MONTHLY' && byDate && !byDay) return dated(rhythm, byDate)
  return undefined
}

function weekly(r: Rhythm, byDay: string): Rhythm | undefined {
  const days = byDay.split(',').map(dayOf)
  return days.every((d) => d !== undefined) ? { ...r, days } : undefined
}

function monthly(r: Rhythm, byDay: string): Rhythm | undefined {
  const places = byDay.split(',').map((p) => {
    const [, n, day] = /^\+?(-1|[1-4])([A-Z]{2})$/.exec(p) ?? []
    const known = dayOf(day ?? '')
    return known && `${n}${known}`
  })
  return places.every((p) => p !== undefined) ? { ...r, kind: 'weekdays', places } : undefined
}

function dated(r: Rhythm, byDate: string): Rhythm | undefined {
  const dates = byDate.split(',').map(Number)
  return dates.every((d) => d === -1 || (d >= 1 && d <= 31)) ? { ...r, kind: 'dates', dates } : undefined
}

/** The plan of a schedule that exists. */
export function planOfSchedule(s: Schedule): SchedulePlan {
  const rest = { time: s.time, zone: s.time_zone, starts: s.starts_on, minutes: s.duration_minutes, title: s.title }
  const rhythm = rhythmOf(s.rrule)
  return rhythm ? { ...rhythm, ...rest } : { ...emptyPlan(s.time_zone, s.starts_on), ...rest, custom: s.rrule }
}

/** What to send, or undefined while days or the time are missing. */
export function scheduleBody(p: SchedulePlan): NewSchedule | undefined {
  const rrule = p.custom ?? ruleOf(p)
  if (!rrule || !/^\d\d:\d\d$/.test(p.time)) return undefined
  return { rrule, time: p.time, time_zone: p.zone, ...(p.starts ? { starts_on: p.starts } : {}), duration_minutes: p.minutes, title: p.title.trim() }
}
