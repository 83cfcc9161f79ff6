import type { Conference } from '../api/client'

/** Seats left in a lightning meeting. */
export function freeSeats(c: Pick<Conference, 'max_user' | 'taken'>): number {
  return Math.max(0, (c.max_user ?? 0) - (c.taken ?? 0))
}
