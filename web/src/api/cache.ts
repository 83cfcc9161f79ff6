// The cache of answers: its keys live here and nowhere else, and so does what a change makes stale.
import type { InfiniteData } from '@tanstack/react-query'
import { QueryCache, QueryClient, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from './problem'
import type { KeyHeader } from './repeat'
import { once } from './repeat'

export const keys = {
  me: ['me'],
  clubs: ['clubs'],
  clubList: (filters: object) => ['clubs', 'list', filters],
  myClubs: ['clubs', 'mine'],
  club: (id: number) => ['clubs', id],
  members: (id: number) => ['clubs', id, 'members'],
  membership: (id: number) => ['clubs', id, 'membership'],
  waiting: (id: number) => ['clubs', id, 'waiting'],
  schedule: (id: number) => ['clubs', id, 'schedule'],
  notices: (id: number) => ['clubs', id, 'notices'],
  rules: (id: number) => ['clubs', id, 'rules'],
  audit: (id: number) => ['clubs', id, 'audit'],
  history: (id: number) => ['clubs', id, 'history'],
  clubConferences: (id: number, when: string) => ['clubs', id, 'conferences', when],
  preview: (body: object) => ['preview', body],
  myConferences: ['conferences', 'mine'],
  lightning: ['conferences', 'lightning'],
  conference: (id: number) => ['conferences', id],
  posts: ['posts'],
  books: ['books'],
  readings: ['readings'],
  user: (id: number) => ['users', id],
  reports: (state: string) => ['reports', state],
  feed: (club: number | undefined) => ['feed', club ?? 0],
}

/** The cache of one page load. An answer that says the session is over signs the app out. */
export function newQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError(error, query) {
        if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== 'me') client.setQueryData(keys.me, null)
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || [502, 503, 504].includes(error.status)),
      },
    },
  })
  return client
}

/** An id to ask for: not the NaN of a wrong address, and not one that is still to be learnt. */
export function known(id: number | undefined): id is number {
  return Number.isSafeInteger(id)
}

/** A change; after it, everything below the keys that begin with a word of `stale` is asked for anew. */
export function useChange<V, T>(change: (v: V) => Promise<T>, stale: readonly string[]) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(stale.map((key) => client.invalidateQueries({ queryKey: [key] }))),
  })
}

/** A change that creates something, and creates it once however often it has to be sent. */
export function useCreate<V, T>(create: (v: V, header: KeyHeader) => Promise<T>, stale: readonly string[]) {
  const [send] = useState(() => once(create))
  return useChange(send, stale)
}

export interface Page<T> {
  items: T[]
  next_cursor?: string
}

/** A list that comes in pages; `items` are those of all pages so far. */
export function usePages<T>(key: readonly unknown[], enabled: boolean, ask: (cursor: string | undefined) => Promise<Page<T>>) {
  const list = useInfiniteQuery<Page<T>, Error, InfiniteData<Page<T>>, readonly unknown[], string | undefined>({
    queryKey: key,
    enabled,
    initialPageParam: undefined,
    queryFn: ({ pageParam }) => ask(pageParam),
    getNextPageParam: (page) => page.next_cursor,
  })
  return { ...list, items: list.data?.pages.flatMap((p) => p.items) ?? [] }
}

export type Pages<T> = ReturnType<typeof usePages<T>>
