// Finding things of every kind at once.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, good } from './client'

/** The best matches of each kind; not asked without words. */
export function useSearch(words: string) {
  return useQuery({
    queryKey: ['clubs', 'search', words],
    enabled: words !== '',
    placeholderData: keepPreviousData,
    queryFn: () => good(api.GET('/api/v1/search', { params: { query: { q: words, limit: 6 } } })),
  })
}
