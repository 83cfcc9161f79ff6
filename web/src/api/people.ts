// Other people, reports about them, pictures, and the secret address of one's calendar.
import { useQuery } from '@tanstack/react-query'
import { keys, known, useChange, useCreate, usePages } from './cache'
import type { Schemas } from './client'
import { api, good } from './client'

export function useProfile(id: number) {
  return useQuery({
    queryKey: keys.user(id),
    enabled: known(id),
    queryFn: () => good(api.GET('/api/v1/users/{user_id}', { params: { path: { user_id: id } } })),
  })
}

/** What somebody has read, the latest first. */
export function useBooksOf(userId: number) {
  return usePages([...keys.user(userId), 'books'], known(userId), (cursor) =>
    good(api.GET('/api/v1/users/{user_id}/books', { params: { path: { user_id: userId }, query: { limit: 12, cursor } } })),
  )
}

export const useReport = () =>
  useCreate((body: Schemas['NewReport'], header) => good(api.POST('/api/v1/reports', { params: { header }, body })), ['reports'])

/** Reports that the caller may settle. */
export function useReports(state: Schemas['ReportState']) {
  return usePages(keys.reports(state), true, (cursor) => good(api.GET('/api/v1/reports', { params: { query: { state, limit: 30, cursor } } })))
}

export const useSettle = () =>
  useChange(
    ({ id, state }: { id: number } & Schemas['Verdict']) =>
      good(api.POST('/api/v1/reports/{report_id}/settle', { params: { path: { report_id: id } }, body: { state } })),
    ['reports', 'users', 'clubs'],
  )

/** Sends a picture file; the answer's `url` fits wherever a picture is asked for. */
export async function uploadPicture(file: File): Promise<Schemas['Picture']> {
  return good(
    api.POST('/api/v1/pictures', {
      body: '',
      bodySerializer: () => file,
      headers: { 'Content-Type': file.type || 'application/octet-stream' },
    }),
  )
}

/** The calendar feed of all the caller's conferences, or of one club. */
export function useCalendarFeed(clubId?: number) {
  return useQuery({
    queryKey: keys.feed(clubId),
    queryFn: () => good(api.GET('/api/v1/me/calendar', { params: { query: clubId === undefined ? {} : { club_id: clubId } } })),
  })
}

/** Ends the address; the next question makes another. */
export const useResetFeed = (clubId?: number) =>
  useChange(() => good(api.DELETE('/api/v1/me/calendar', { params: { query: clubId === undefined ? {} : { club_id: clubId } } })), ['feed'])
