// What to look for among clubs, as it stands in the address of the page: it can be sent to a friend, and "back" works.
import type { ClubFilters } from '../api/clubs'
import { categories } from '../parts/CategorySelect'
import { weekdays } from '../schedule/plan'

/** The filters of an address; what makes no sense is left out. */
export function filtersOf(query: URLSearchParams): ClubFilters {
  const filters: ClubFilters = {}
  const words = query.get('q')?.trim()
  if (words) filters.q = words.slice(0, 100)
  const category = categories.find((c) => c === query.get('category'))
  if (category) filters.category = category
  const weekday = weekdays.find((d) => d === query.get('weekday'))
  if (weekday) filters.weekday = weekday
  const book = query.get('book') ?? ''
  if (/^[1-9]\d{0,15}$/.test(book)) filters.book_id = Number(book)
  if (query.get('free') === '1') filters.free_seats = true
  return filters
}

/** The address of filters. */
export function queryOf(f: ClubFilters): URLSearchParams {
  const query = new URLSearchParams()
  if (f.q) query.set('q', f.q)
  if (f.category) query.set('category', f.category)
  if (f.weekday) query.set('weekday', f.weekday)
  if (f.book_id) query.set('book', String(f.book_id))
  if (f.free_seats) query.set('free', '1')
  return query
}
