// Books: finding, reading about and adding them.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { keys, known, useChange, useCreate, usePages } from './cache'
import type { Schemas } from './client'
import { api, good, ifMatch, tagged } from './client'

export type Book = Schemas['Book']

/** What to look for among books; what is left out does not matter. */
export interface BookFilters {
  q?: string
  category?: Schemas['Category']
}

/** Books that fit, a page at a time: the newest first, with words the best match first. */
export function useBooks(filters: BookFilters) {
  return usePages([...keys.books, 'list', filters], true, (cursor) => good(api.GET('/api/v1/books', { params: { query: { ...filters, limit: 24, cursor } } })))
}

/** Books that hold the words, the newest when there are none. */
export function useBookSearch(words: string, enabled = true) {
  return useQuery({
    queryKey: [...keys.books, 'search', words],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: () => good(api.GET('/api/v1/books', { params: { query: { ...(words ? { q: words } : {}), limit: 20 } } })),
  })
}

/** One book, with the version an edit is based on. */
export function useBook(id: number) {
  return useQuery({ queryKey: [...keys.books, id], enabled: known(id), queryFn: () => fetchBook(id) })
}

export function fetchBook(id: number) {
  return tagged(api.GET('/api/v1/books/{book_id}', { params: { path: { book_id: id } } }))
}

/** What readers wrote about a book, the latest first. */
export function useReviews(bookId: number) {
  return usePages([...keys.books, bookId, 'reviews'], known(bookId), (cursor) =>
    good(api.GET('/api/v1/books/{book_id}/reviews', { params: { path: { book_id: bookId }, query: { limit: 20, cursor } } })),
  )
}

export const useCreateBook = () =>
  useCreate((body: Schemas['NewBook'], header) => good(api.POST('/api/v1/books', { params: { header }, body })), ['books'])

export const useUpdateBook = (id: number) =>
  useChange(
    ({ etag, ...body }: Schemas['BookChange'] & { etag: string | undefined }) =>
      good(api.PATCH('/api/v1/books/{book_id}', { params: { path: { book_id: id }, header: ifMatch(etag) }, body })),
    ['books', 'clubs', 'conferences', 'readings'],
  )
