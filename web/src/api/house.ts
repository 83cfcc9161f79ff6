// What a club hangs on its wall: its schedule, its notices, its rules.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { keys, useChange, useCreate, usePages } from './cache'
import type { NewSchedule, Schemas } from './client'
import { api, good, ifMatch, tagged } from './client'
import { ApiError } from './problem'

/** The club's schedule with its version, null when it has none. */
export function useSchedule(clubId: number) {
  return useQuery({
    queryKey: keys.schedule(clubId),
    queryFn: async () => {
      try {
        return await tagged(api.GET('/api/v1/clubs/{club_id}/schedule', { params: { path: { club_id: clubId } } }))
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
  })
}

export const useSetSchedule = (clubId: number) =>
  useChange(
    ({ etag, body }: { etag: string | undefined; body: NewSchedule }) =>
      tagged(api.PUT('/api/v1/clubs/{club_id}/schedule', { params: { path: { club_id: clubId }, header: ifMatch(etag) }, body })),
    ['clubs', 'conferences'],
  )

export const useEndSchedule = (clubId: number) =>
  useChange(() => good(api.DELETE('/api/v1/clubs/{club_id}/schedule', { params: { path: { club_id: clubId } } })), ['clubs', 'conferences'])

/** What a schedule would mean; not asked while there is none. The last answer stays until the next is there. */
export function useSchedulePreview(body: NewSchedule | undefined) {
  return useQuery({
    queryKey: keys.preview(body ?? {}),
    enabled: body !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
    queryFn: () => good(api.POST('/api/v1/schedules/preview', { body: body ?? { rrule: '', time: '' } })),
  })
}

export function useNotices(clubId: number, member: boolean) {
  return usePages(keys.notices(clubId), member, (cursor) =>
    good(api.GET('/api/v1/clubs/{club_id}/notices', { params: { path: { club_id: clubId }, query: { limit: 10, cursor } } })),
  )
}

export const useCreateNotice = (clubId: number) =>
  useCreate(
    (body: Schemas['NewNotice'], header) => good(api.POST('/api/v1/clubs/{club_id}/notices', { params: { path: { club_id: clubId }, header }, body })),
    ['clubs'],
  )

/** A notice with the version an edit is based on; lists carry none. */
export function fetchNotice(id: number) {
  return tagged(api.GET('/api/v1/notices/{notice_id}', { params: { path: { notice_id: id } } }))
}

export const useUpdateNotice = () =>
  useChange(
    ({ id, etag, ...body }: Schemas['NewNotice'] & { id: number; etag: string | undefined }) =>
      good(api.PATCH('/api/v1/notices/{notice_id}', { params: { path: { notice_id: id }, header: ifMatch(etag) }, body })),
    ['clubs'],
  )

export const useDeleteNotice = () =>
  useChange((id: number) => good(api.DELETE('/api/v1/notices/{notice_id}', { params: { path: { notice_id: id } } })), ['clubs'])

export function useRules(clubId: number) {
  return useQuery({
    queryKey: keys.rules(clubId),
    queryFn: () => good(api.GET('/api/v1/clubs/{club_id}/rules', { params: { path: { club_id: clubId } } })),
  })
}

export const useCreateRule = (clubId: number) =>
  useCreate(
    (body: Schemas['NewRule'], header) => good(api.POST('/api/v1/clubs/{club_id}/rules', { params: { path: { club_id: clubId }, header }, body })),
    ['clubs'],
  )

/** A rule with the version an edit is based on; lists carry none. */
export function fetchRule(id: number) {
  return tagged(api.GET('/api/v1/rules/{rule_id}', { params: { path: { rule_id: id } } }))
}

export const useUpdateRule = () =>
  useChange(
    ({ id, etag, ...body }: Schemas['RuleChange'] & { id: number; etag?: string | undefined }) =>
      good(api.PATCH('/api/v1/rules/{rule_id}', { params: { path: { rule_id: id }, header: ifMatch(etag) }, body })),
    ['clubs'],
  )

export const useDeleteRule = () =>
  useChange((id: number) => good(api.DELETE('/api/v1/rules/{rule_id}', { params: { path: { rule_id: id } } })), ['clubs'])
