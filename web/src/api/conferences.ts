// Conferences: of a club, of mine, and those that begin on the spur of the moment.
import { useQuery } from '@tanstack/react-query'
import { keys, known, useChange, useCreate, usePages } from './cache'
import type { Conference, Schemas } from './client'
import { api, good, ifMatch, tagged } from './client'

const both = ['clubs', 'conferences'] as const

export function useMyConferences() {
  return useQuery({
    queryKey: keys.myConferences,
    refetchInterval: 60_000,
    queryFn: () => good(api.GET('/api/v1/me/conferences', { params: { query: { limit: 50 } } })),
  })
}

export function useClubConferences(clubId: number, when: 'upcoming' | 'past', signedIn: boolean) {
  return usePages(keys.clubConferences(clubId, when), signedIn, (cursor) =>
    good(api.GET('/api/v1/clubs/{club_id}/conferences', { params: { path: { club_id: clubId }, query: { when, limit: 20, cursor } } })),
  )
}

/** One conference, with the version an edit is based on. */
export function useConference(id: number) {
  return useQuery({ queryKey: keys.conference(id), enabled: known(id), refetchInterval: 30_000, queryFn: () => fetchConference(id) })
}

export function fetchConference(id: number) {
  return tagged(api.GET('/api/v1/conferences/{conference_id}', { params: { path: { conference_id: id } } }))
}

export const useScheduleConference = (clubId: number) =>
  useCreate(
    (body: Schemas['NewConference'], header): Promise<Conference> =>
      good(api.POST('/api/v1/clubs/{club_id}/conferences', { params: { path: { club_id: clubId }, header }, body })),
    both,
  )

export const useUpdateConference = (id: number) =>
  useChange(
    ({ etag, ...body }: Schemas['ConferenceChange'] & { etag: string | undefined }): Promise<Conference> =>
      good(api.PATCH('/api/v1/conferences/{conference_id}', { params: { path: { conference_id: id }, header: ifMatch(etag) }, body })),
    both,
  )

export const useCancelConference = (id: number) =>
  useChange(() => good(api.POST('/api/v1/conferences/{conference_id}/cancel', { params: { path: { conference_id: id } } })), both)

/** Lightning meetings with a free seat; they come and go quickly. */
export function useLightning() {
  return useQuery({
    queryKey: keys.lightning,
    refetchInterval: 30_000,
    queryFn: () => good(api.GET('/api/v1/lightning', { params: { query: { limit: 12 } } })),
  })
}

export const useStartLightning = () =>
  useCreate((body: Schemas['NewLightning'], header): Promise<Conference> => good(api.POST('/api/v1/lightning', { params: { header }, body })), ['conferences'])

/** A place in the meeting: where to connect, and the token for it. Asked anew for each entry; tokens expire. */
export function takePlace(conferenceId: number) {
  return good(api.POST('/api/v1/conferences/{conference_id}/join', { params: { path: { conference_id: conferenceId } } }))
}
