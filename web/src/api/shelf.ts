// Books to choose from, and the newest of the board.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { keys } from './cache'
import { api, good } from './client'

/** Books that hold the words, the newest when there are none. */
export function useBookSearch(words: string, enabled = true) {
  return useQuery({
    queryKey: [...keys.books, 'search', words],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: () => good(api.GET('/api/v1/books', { params: { query: { ...(words ? { q: words } : {}), limit: 20 } } })),
  })
}

export function useNewestPosts(limit: number) {
  return useQuery({
    queryKey: [...keys.posts, 'newest', limit],
    queryFn: () => good(api.GET('/api/v1/posts', { params: { query: { limit } } })),
  })
}
