import { describe, expect, it } from 'vitest'
import { firstPlan, planOf, planTimes } from './plan'

const seoul = { schedule: { time: '19:30' }, time_zone: 'Asia/Seoul' }

describe('firstPlan', () => {
  it('is today while the hour is still to come', () => {
    expect(firstPlan(new Date('2026-11-24T10:29:00Z'), seoul)).toMatchObject({ date: '2026-11-24', time: '19:30', zone: 'Asia/Seoul' })
  })
  it('is tomorrow once it has passed', () => {
    expect(firstPlan(new Date('2026-11-24T10:30:00Z'), seoul).date).toBe('2026-11-25')
  })
  it('has an hour for clubs without one', () => {
    expect(firstPlan(new Date('2026-11-24T00:00:00Z'), { time_zone: 'Asia/Seoul' }).time).toBe('20:00')
  })
})

it('turns a plan into instants and back', () => {
  const plan = { title: 'a', description: 'b', date: '2026-11-24', time: '19:30', length: '90', zone: 'Asia/Seoul', book_id: 7 }
  const times = planTimes(plan)
  expect(times?.end.toISOString()).toBe('2026-11-24T12:00:00.000Z')
  expect(
    planOf(
      { title: 'a', description: 'b', call_start_time: '2026-11-24T10:30:00Z', call_end_time: '2026-11-24T12:00:00Z', book: { id: 7, title: 'c', author: '', book_img: '' } },
      'Asia/Seoul',
    ),
  ).toEqual(plan)
})

it('has no instants without a date', () => {
  expect(planTimes({ date: '', time: '19:30', length: '90', zone: 'Asia/Seoul' })).toBeUndefined()
})
