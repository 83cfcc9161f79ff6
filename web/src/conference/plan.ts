import type { Conference } from '../api/client'
import { instantOf, wallDate, wallTime } from '../time/format'

/** A conference as its form holds it: a wall clock somewhere, and minutes. */
export type Plan = {
  title: string
  description: string
  date: string
  time: string
  length: string
  zone: string
  /** 0 for none. */
  book_id: number
}

/** The instants of a plan, or undefined while its date or time is missing. */
export function planTimes(plan: Pick<Plan, 'date' | 'time' | 'length' | 'zone'>): { start: Date; end: Date } | undefined {
  const start = instantOf(plan.date, plan.time, plan.zone)
  if (!start) return undefined
  return { start, end: new Date(start.getTime() + Number(plan.length) * 60_000) }
}

/** What the form starts with: today at the club's hour, or tomorrow when that has passed. */
export function firstPlan(now: Date, club: { schedule?: { time: string }; time_zone: string; book?: { id: number } }): Plan {
  const time = club.schedule?.time ?? '20:00'
  const today = wallDate(now, club.time_zone)
  const start = instantOf(today, time, club.time_zone)
  const passed = start !== undefined && start <= now
  const date = passed ? wallDate(new Date(now.getTime() + 24 * 3_600_000), club.time_zone) : today
  return { title: '', description: '', date, time, length: '90', zone: club.time_zone, book_id: club.book?.id ?? 0 }
}

/** The plan of a conference that exists, on the clock of `zone`. */
export function planOf(c: Pick<Conference, 'title' | 'description' | 'call_start_time' | 'call_end_time' | 'book'>, zone: string): Plan {
  const [start, end] = [new Date(c.call_start_time), new Date(c.call_end_time)]
  return {
    title: c.title,
    description: c.description,
    date: wallDate(start, zone),
    time: wallTime(start, zone),
    length: String(Math.max(1, Math.round((end.getTime() - start.getTime()) / 60_000))),
    zone,
    book_id: c.book?.id ?? 0,
  }
}
