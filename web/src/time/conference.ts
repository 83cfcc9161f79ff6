// What the clock makes of a conference between two answers of the server.
import type { Conference } from '../api/client'

type Times = Pick<Conference, 'status' | 'call_start_time' | 'call_end_time' | 'join_opens_at' | 'join_closes_at'>

/** The status at `now`: the server's answer may be a minute old, cancelling is for ever. */
export function statusAt(c: Times, now: Date): Conference['status'] {
  if (c.status === 'cancelled') return 'cancelled'
  if (now < new Date(c.call_start_time)) return 'scheduled'
  return now < new Date(c.call_end_time) ? 'live' : 'ended'
}

/** Whether members may enter at `now`: a little before the start, and after the end while people still talk. */
export function isOpen(c: Times, now: Date): boolean {
  return c.status !== 'cancelled' && now >= new Date(c.join_opens_at) && now < new Date(c.join_closes_at)
}
