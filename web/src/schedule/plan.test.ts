import { describe, expect, it } from 'vitest'
import type { Rhythm } from './plan'
import { emptyPlan, planOfSchedule, rhythmOf, ruleOf, scheduleBody } from './plan'

const rhythm = (r: Partial<Rhythm>): Rhythm => ({ kind: 'weeks', every: 1, days: [], places: [], dates: [], until: '', ...r })

describe('a rhythm and its recurrence', () => {
  it.each<[string, Rhythm]>([
    ['FREQ=WEEKLY;BYDAY=MO,WE', rhythm({ days: ['mon', 'wed'] })],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=SU', rhythm({ every: 2, days: ['sun'] })],
    ['FREQ=MONTHLY;BYDAY=1MO,3WE', rhythm({ kind: 'weekdays', places: ['1mon', '3wed'] })],
    ['FREQ=MONTHLY;BYDAY=-1FR', rhythm({ kind: 'weekdays', places: ['-1fri'] })],
    ['FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15,-1', rhythm({ kind: 'dates', every: 3, dates: [15, -1] })],
    ['FREQ=WEEKLY;BYDAY=MO;UNTIL=20270131T235959Z', rhythm({ days: ['mon'], until: '2027-01-31' })],
  ])('%s', (rule, r) => {
    expect(ruleOf(r)).toBe(rule)
    expect(rhythmOf(rule)).toEqual(r)
  })

  it('orders what was chosen in any order', () => {
    expect(ruleOf(rhythm({ days: ['wed', 'mon'] }))).toBe('FREQ=WEEKLY;BYDAY=MO,WE')
    expect(ruleOf(rhythm({ kind: 'weekdays', places: ['3wed', '-1mon', '1mon'] }))).toBe('FREQ=MONTHLY;BYDAY=1MO,3WE,-1MO')
    expect(ruleOf(rhythm({ kind: 'dates', dates: [-1, 15, 2] }))).toBe('FREQ=MONTHLY;BYMONTHDAY=2,15,-1')
  })

  it.each(['weeks', 'weekdays', 'dates'] as const)('is none without a day (%s)', (kind) => {
    expect(ruleOf(rhythm({ kind }))).toBeUndefined()
  })

  it.each(['FREQ=DAILY', 'FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1', 'FREQ=MONTHLY;BYDAY=5MO', 'FREQ=WEEKLY', 'FREQ=WEEKLY;BYDAY=MO;COUNT=5', ''])(
    'has no parts for %s',
    (rule) => {
      expect(rhythmOf(rule)).toBeUndefined()
    },
  )
})

it('keeps a rule it cannot show', () => {
  const plan = planOfSchedule({
    rrule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=5', time: '17:50', time_zone: 'Asia/Seoul', starts_on: '2026-11-24', duration_minutes: 60, title: 'x',
    time_freq: '', frequency: { times: 1, every: 1, unit: 'week', weekdays: ['mon'] },
  })
  expect(scheduleBody(plan)).toMatchObject({ rrule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=5', time: '17:50', duration_minutes: 60, title: 'x' })
})

it('is not sent before it is complete', () => {
  const plan = emptyPlan('Asia/Seoul', '')
  expect(scheduleBody(plan)).toBeUndefined()
  expect(scheduleBody({ ...plan, days: ['mon'], time: '' })).toBeUndefined()
  expect(scheduleBody({ ...plan, days: ['mon'] })).toEqual({ rrule: 'FREQ=WEEKLY;BYDAY=MO', time: '20:00', time_zone: 'Asia/Seoul', duration_minutes: 90, title: '' })
})
