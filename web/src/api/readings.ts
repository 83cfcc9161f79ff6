// The caller's reading log: what was read on which day, and how high it stands.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { keys, useChange, useCreate } from './cache'
import type { Schemas } from './client'
import { api, good, ifMatch, tagged } from './client'

export type Reading = Schemas['Reading']

const pageSize = 100
/** Two thousand books: more than a shelf in the browser can show, and an end in any case. */
const maxPages = 20

/** Days as YYYY-MM-DD, both included; without them, the whole log. */
export interface Days {
  from?: string
  to?: string
}

async function fetchReadings(days: Days): Promise<Reading[]> {
  const items: Reading[] = []
  let cursor: string | undefined
  for (let n = 0; n < maxPages; n++) {
    const page = await good(api.GET('/api/v1/me/books', { params: { query: { ...days, limit: pageSize, cursor } } }))
    items.push(...page.items)
    cursor = page.next_cursor
    if (!cursor) break
  }
  return items
}

/** What the caller has read on these days, the latest first. */
export function useReadings(days: Days) {
  return useQuery({ queryKey: [...keys.readings, days], placeholderData: keepPreviousData, queryFn: () => fetchReadings(days) })
}

/** How high the caller's books stand, in all and in each month of `year`. */
export function useStack(year: number) {
  return useQuery({
    queryKey: [...keys.readings, 'stack', year],
    placeholderData: keepPreviousData,
    queryFn: () => good(api.GET('/api/v1/me/reading', { params: { query: { year } } })),
  })
}

const stale = ['readings', 'books', 'users'] as const

export const useLogReading = () =>
  useCreate((body: Schemas['NewReading'], header) => good(api.POST('/api/v1/me/books', { params: { header }, body })), stale)

/** An entry with the version an edit is based on; lists carry none. */
export function fetchReading(id: number) {
  return tagged(api.GET('/api/v1/me/books/{reading_id}', { params: { path: { reading_id: id } } }))
}

export const useUpdateReading = (id: number) =>
  useChange(
    ({ etag, ...body }: Schemas['ReadingChange'] & { etag: string | undefined }) =>
      good(api.PATCH('/api/v1/me/books/{reading_id}', { params: { path: { reading_id: id }, header: ifMatch(etag) }, body })),
    stale,
  )

export const useDeleteReading = () =>
  useChange((id: number) => good(api.DELETE('/api/v1/me/books/{reading_id}', { params: { path: { reading_id: id } } })), stale)
