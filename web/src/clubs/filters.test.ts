import { expect, it } from 'vitest'
import { filtersOf, queryOf } from './filters'

it('comes back from the address as it went there', () => {
  const filters = { q: '소설 & 시', category: 'poetry', weekday: 'wed', book_id: 7, free_seats: true } as const
  expect(filtersOf(new URLSearchParams(queryOf(filters).toString()))).toEqual(filters)
  expect(queryOf({}).toString()).toBe('')
})

it('leaves out what makes no sense', () => {
  expect(filtersOf(new URLSearchParams('q=%20&category=war&weekday=xyz&book=-1&free=yes&other=1'))).toEqual({})
})
