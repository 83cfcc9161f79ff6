// What the pages ask for, and what they change; the cache keys live here and nowhere else.
import { QueryCache, QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Club, Conference, User } from './client'
import { api, good } from './client'
import { ApiError } from './problem'
import type { components } from './schema.gen'

type Schemas = components['schemas']

const keys = {
  me: ['me'],
  clubs: ['clubs'],
  myClubs: ['clubs', 'mine'],
  club: (id: number) => ['clubs', id],
  members: (id: number) => ['clubs', id, 'members'],
  clubConferences: (id: number, when: string) => ['clubs', id, 'conferences', when],
  myConferences: ['conferences', 'mine'],
  conference: (id: number) => ['conferences', id],
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
        retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      },
    },
  })
  return client
}

/** The signed-in user, null for a visitor. */
export function useMe() {
  return useQuery({
    queryKey: keys.me,
    staleTime: 5 * 60_000,
    queryFn: async (): Promise<User | null> => {
      try {
        return await good(api.GET('/api/v1/me'))
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null
        throw error
      }
    },
  })
}

/** Starting or ending a session changes what every answer means, so nothing of the cache survives it. */
function useSession<V>(change: (v: V) => Promise<User | null>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess(user) {
      client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'me' })
      client.setQueryData(keys.me, user)
    },
  })
}

export const useSignIn = () => useSession((body: Schemas['Credentials']) => good(api.POST('/api/v1/session', { body })))
export const useSignUp = () => useSession((body: Schemas['NewUser']) => good(api.POST('/api/v1/users', { body })))
export const useSignOut = () =>
  useSession(async () => {
    await good(api.DELETE('/api/v1/session'))
    return null
  })

/** Every club, a page at a time, newest first. */
export function useClubs() {
  return useInfiniteQuery({
    queryKey: [...keys.clubs, 'all'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => good(api.GET('/api/v1/clubs', { params: { query: { limit: 30, cursor: pageParam } } })),
    getNextPageParam: (page) => page.next_cursor,
  })
}

export function useMyClubs() {
  return useQuery({
    queryKey: keys.myClubs,
    queryFn: () => good(api.GET('/api/v1/me/clubs', { params: { query: { limit: 100 } } })),
  })
}

export function useMyConferences() {
  return useQuery({
    queryKey: keys.myConferences,
    refetchInterval: 60_000,
    queryFn: () => good(api.GET('/api/v1/me/conferences', { params: { query: { limit: 50 } } })),
  })
}

/** An id to ask for: not the NaN of a wrong address, and not one that is still to be learnt. */
function known(id: number | undefined): id is number {
  return Number.isSafeInteger(id)
}

export function useClub(id: number | undefined) {
  return useQuery({
    queryKey: keys.club(id ?? 0),
    enabled: known(id),
    queryFn: () => good(api.GET('/api/v1/clubs/{club_id}', { params: { path: { club_id: id ?? 0 } } })),
  })
}

/** Members of a club; only asked when `signedIn`, visitors may not see them. */
export function useMembers(clubId: number | undefined, signedIn = true) {
  return useQuery({
    queryKey: keys.members(clubId ?? 0),
    enabled: signedIn && known(clubId),
    queryFn: () =>
      good(api.GET('/api/v1/clubs/{club_id}/members', { params: { path: { club_id: clubId ?? 0 }, query: { limit: 100 } } })),
  })
}

export function useClubConferences(clubId: number, when: 'upcoming' | 'past', signedIn: boolean) {
  return useInfiniteQuery({
    queryKey: keys.clubConferences(clubId, when),
    enabled: signedIn,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      good(
        api.GET('/api/v1/clubs/{club_id}/conferences', {
          params: { path: { club_id: clubId }, query: { when, limit: 20, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.next_cursor,
  })
}

export function useConference(id: number) {
  return useQuery({
    queryKey: keys.conference(id),
    enabled: known(id),
    refetchInterval: 30_000,
    queryFn: () => good(api.GET('/api/v1/conferences/{conference_id}', { params: { path: { conference_id: id } } })),
  })
}

/** A change after which everything about clubs or conferences is asked for anew. */
function useChange<V, T>(change: (v: V) => Promise<T>, stale: readonly string[]) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all(stale.map((key) => client.invalidateQueries({ queryKey: [key] }))),
  })
}

const both = ['clubs', 'conferences'] as const

export const useCreateClub = () =>
  useChange((body: Schemas['NewClub']): Promise<Club> => good(api.POST('/api/v1/clubs', { body })), ['clubs'])

export const useJoinClub = (id: number) =>
  useChange(() => good(api.POST('/api/v1/clubs/{club_id}/members', { params: { path: { club_id: id } } })), both)

export const useLeaveClub = (id: number) =>
  useChange(() => good(api.DELETE('/api/v1/clubs/{club_id}/members/me', { params: { path: { club_id: id } } })), both)

export const useSchedule = (clubId: number) =>
  useChange(
    (body: Schemas['NewConference']): Promise<Conference> =>
      good(api.POST('/api/v1/clubs/{club_id}/conferences', { params: { path: { club_id: clubId } }, body })),
    both,
  )

export const useUpdateConference = (id: number) =>
  useChange(
    (body: Schemas['ConferenceChange']): Promise<Conference> =>
      good(api.PATCH('/api/v1/conferences/{conference_id}', { params: { path: { conference_id: id } }, body })),
    both,
  )

export const useCancelConference = (id: number) =>
  useChange(() => good(api.POST('/api/v1/conferences/{conference_id}/cancel', { params: { path: { conference_id: id } } })), both)

/** A place in the meeting: where to connect, and the token for it. Asked anew for each entry; tokens expire. */
export function takePlace(conferenceId: number) {
  return good(api.POST('/api/v1/conferences/{conference_id}/join', { params: { path: { conference_id: conferenceId } } }))
}
