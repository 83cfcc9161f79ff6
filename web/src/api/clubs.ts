// Clubs, who is in them and who waits, and what their owners do.
import { useQuery } from '@tanstack/react-query'
import { keys, known, useChange, useCreate, usePages } from './cache'
import type { Club, Schemas } from './client'
import { api, good, ifMatch, tagged } from './client'
import type { paths } from './schema.gen'

/** What to look for among clubs; what is left out does not matter. */
export type ClubFilters = Omit<NonNullable<paths['/api/v1/clubs']['get']['parameters']['query']>, 'limit' | 'cursor'>

const both = ['clubs', 'conferences'] as const

/** Clubs to find, a page at a time. */
export function useClubs(filters: ClubFilters) {
  return usePages(keys.clubList(filters), true, (cursor) => good(api.GET('/api/v1/clubs', { params: { query: { ...filters, limit: 24, cursor } } })))
}

export function useMyClubs(signedIn = true) {
  return useQuery({
    queryKey: keys.myClubs,
    enabled: signedIn,
    queryFn: () => good(api.GET('/api/v1/me/clubs', { params: { query: { limit: 100 } } })),
  })
}

export function useClub(id: number | undefined) {
  return useQuery({ queryKey: keys.club(id ?? 0), enabled: known(id), queryFn: () => fetchClub(id ?? 0) })
}

/** A club with the version an edit is based on. */
export function fetchClub(id: number) {
  return tagged(api.GET('/api/v1/clubs/{club_id}', { params: { path: { club_id: id } } }))
}

/** Members of a club; only asked when `signedIn`, visitors may not see them. */
export function useMembers(clubId: number | undefined, signedIn = true) {
  return useQuery({
    queryKey: keys.members(clubId ?? 0),
    enabled: signedIn && known(clubId),
    queryFn: () => good(api.GET('/api/v1/clubs/{club_id}/members', { params: { path: { club_id: clubId ?? 0 }, query: { limit: 100 } } })),
  })
}

/** What the caller is in the club, and their place in the line. */
export function useMembership(clubId: number, signedIn: boolean) {
  return useQuery({
    queryKey: keys.membership(clubId),
    enabled: signedIn,
    queryFn: () => good(api.GET('/api/v1/clubs/{club_id}/members/me', { params: { path: { club_id: clubId } } })),
  })
}

export function useWaiting(clubId: number) {
  return usePages(keys.waiting(clubId), true, (cursor) =>
    good(api.GET('/api/v1/clubs/{club_id}/waiting', { params: { path: { club_id: clubId }, query: { limit: 50, cursor } } })),
  )
}

export function useAudit(clubId: number) {
  return usePages(keys.audit(clubId), true, (cursor) =>
    good(api.GET('/api/v1/clubs/{club_id}/audit', { params: { path: { club_id: clubId }, query: { limit: 50, cursor } } })),
  )
}

export const useCreateClub = () =>
  useCreate((body: Schemas['NewClub'], header): Promise<Club> => good(api.POST('/api/v1/clubs', { params: { header }, body })), ['clubs'])

export const useUpdateClub = (id: number) =>
  useChange(
    ({ etag, ...body }: Schemas['ClubChange'] & { etag: string | undefined }) =>
      tagged(api.PATCH('/api/v1/clubs/{club_id}', { params: { path: { club_id: id }, header: ifMatch(etag) }, body })),
    both,
  )

export const useCloseClub = (id: number) =>
  useChange(() => good(api.DELETE('/api/v1/clubs/{club_id}', { params: { path: { club_id: id } } })), [])

export const useHandOver = (id: number) =>
  useChange((userId: number) => good(api.PUT('/api/v1/clubs/{club_id}/owner', { params: { path: { club_id: id } }, body: { user_id: userId } })), both)

/** Joins the club, or asks to: the answer has a `role` for whoever is in, a `position` for whoever waits. */
export const useJoinClub = (id: number) =>
  useCreate(
    (_: undefined, header): Promise<Schemas['Member'] | Schemas['Waiting']> =>
      good(api.POST('/api/v1/clubs/{club_id}/members', { params: { path: { club_id: id }, header } })),
    both,
  )

/** Leaves the club, or the line of those who wait for it. */
export const useLeaveClub = (id: number) =>
  useChange(() => good(api.DELETE('/api/v1/clubs/{club_id}/members/me', { params: { path: { club_id: id } } })), both)

const personPath = (club: number, user: number) => ({ params: { path: { club_id: club, user_id: user } } })

export const useRemoveMember = (id: number) =>
  useChange((user: number) => good(api.DELETE('/api/v1/clubs/{club_id}/members/{user_id}', personPath(id, user))), ['clubs'])

export const useAcceptWaiting = (id: number) =>
  useChange((user: number) => good(api.POST('/api/v1/clubs/{club_id}/waiting/{user_id}/accept', personPath(id, user))), ['clubs'])

export const useDeclineWaiting = (id: number) =>
  useChange((user: number) => good(api.DELETE('/api/v1/clubs/{club_id}/waiting/{user_id}', personPath(id, user))), ['clubs'])
