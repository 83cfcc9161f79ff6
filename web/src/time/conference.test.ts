import { describe, expect, it } from 'vitest'
import { isOpen, statusAt } from './conference'

const c = {
  status: 'scheduled' as const,
  join_opens_at: '2026-11-24T09:50:00Z',
  call_start_time: '2026-11-24T10:00:00Z',
  call_end_time: '2026-11-24T11:00:00Z',
  join_closes_at: '2026-11-24T12:00:00Z',
}
const cancelled = { ...c, status: 'cancelled' as const }

describe('a conference over its day', () => {
  it.each([
    ['09:49:59', 'scheduled', false],
    ['09:50:00', 'scheduled', true],
    ['10:00:00', 'live', true],
    ['11:00:00', 'ended', true],
    ['12:00:00', 'ended', false],
  ])('at %s', (clock, status, open) => {
    const now = new Date(`2026-11-24T${clock}Z`)
    expect(statusAt(c, now)).toBe(status)
    expect(isOpen(c, now)).toBe(open)
    expect(statusAt(cancelled, now)).toBe('cancelled')
    expect(isOpen(cancelled, now)).toBe(false)
  })
})
