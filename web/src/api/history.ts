// What took place: past conferences, who came, what was said.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { keys, known, usePages } from './cache'
import { api, good } from './client'

/** Conferences of a club that took place, the latest first. */
export function useHistory(clubId: number) {
  return usePages(keys.history(clubId), known(clubId), (cursor) =>
    good(api.GET('/api/v1/clubs/{club_id}/history', { params: { path: { club_id: clubId }, query: { limit: 10, cursor } } })),
  )
}

/** Notes of a club that hold the words, the latest first. */
export function useNoteSearch(clubId: number, words: string) {
  return usePages([...keys.club(clubId), 'notes', words], known(clubId) && words !== '', (cursor) =>
    good(api.GET('/api/v1/clubs/{club_id}/notes', { params: { path: { club_id: clubId }, query: { q: words, limit: 20, cursor } } })),
  )
}

/** Who came to a conference; asked again every `every` milliseconds. */
export function useAttendance(conferenceId: number, enabled: boolean, every: number | false) {
  return useQuery({
    queryKey: [...keys.conference(conferenceId), 'attendance'],
    enabled,
    refetchInterval: every,
    queryFn: () => good(api.GET('/api/v1/conferences/{conference_id}/attendance', { params: { path: { conference_id: conferenceId } } })),
  })
}

/** Earlier notes of the club about the same as this conference. */
export function useRelatedNotes(conferenceId: number, enabled: boolean) {
  return useQuery({
    queryKey: [...keys.conference(conferenceId), 'related'],
    enabled,
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
    queryFn: () => good(api.GET('/api/v1/conferences/{conference_id}/related-notes', { params: { path: { conference_id: conferenceId } } })),
  })
}
