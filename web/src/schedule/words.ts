import type { Schedule, Schemas } from '../api/client'

type Frequency = Schemas['Frequency']

const english: Record<Schemas['Weekday'], string> = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' }

/** "twice a month, Mon and Wed", "once every 2 weeks, Sun": the English of the server's Korean wording. */
export function frequencyInEnglish(f: Frequency): string {
  const times = f.times === 1 ? 'once' : f.times === 2 ? 'twice' : `${f.times} times`
  const span = f.every === 1 ? `a ${f.unit}` : `every ${f.every} ${f.unit}s`
  const days = f.weekdays.map((d) => english[d])
  const last = days.pop()
  if (last === undefined) return `${times} ${span}`
  return `${times} ${span}, ${days.length ? `${days.join(', ')} and ` : ''}${last}`
}

/** How often, in the language of the page. */
export function frequencyWords(s: Pick<Schedule, 'time_freq' | 'frequency'>, language: string): string {
  return language === 'ko' ? s.time_freq : frequencyInEnglish(s.frequency)
}

/** How often and when: "1달에 2번, 월 수 · 17:50". */
export function rhythmWords(s: Pick<Schedule, 'time_freq' | 'frequency' | 'time'>, language: string): string {
  return `${frequencyWords(s, language)} · ${s.time}`
}
