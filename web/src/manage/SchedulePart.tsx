import { Button, Group, Stack, Text } from '@mantine/core'
import { CalendarClock } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Club, Schedule, Tagged } from '../api/client'
import { api, tagged } from '../api/client'
import { useEndSchedule, useSchedule, useSetSchedule } from '../api/house'
import pages from '../pages/pages.module.css'
import { Failed } from '../parts/Failed'
import { FormError } from '../parts/FormError'
import { Loading } from '../parts/Loading'
import { Section } from '../parts/Section'
import { useConfirm } from '../parts/useConfirm'
import { useForm } from '../parts/useForm'
import { useTell } from '../parts/useTell'
import type { SchedulePlan } from '../schedule/plan'
import { emptyPlan, planOfSchedule, scheduleBody } from '../schedule/plan'
import { ScheduleEditor } from '../schedule/ScheduleEditor'
import { rhythmWords } from '../schedule/words'

/** Sets, changes and ends when the club meets. */
export function SchedulePart({ club }: { club: Club }) {
  const { t } = useTranslation()
  const schedule = useSchedule(club.id)
  return (
    <Section title={t('schedule.title')}>
      {schedule.isPending && <Loading />}
      {schedule.isError && <Failed error={schedule.error} retry={() => void schedule.refetch()} />}
      {schedule.data !== undefined && <Editing key={schedule.data ? 'kept' : 'none'} club={club} schedule={schedule.data} />}
    </Section>
  )
}

type Values = { rrule: SchedulePlan }

function Editing({ club, schedule }: { club: Club; schedule: Tagged<Schedule> | null }) {
  const { t, i18n } = useTranslation()
  const tell = useTell()
  const put = useSetSchedule(club.id)
  const end = useEndSchedule(club.id)
  const etag = useRef(schedule?.etag)
  const { ask, dialog } = useConfirm()
  const form = useForm<Values>({
    initial: { rrule: schedule ? planOfSchedule(schedule) : emptyPlan(club.time_zone, '') },
    check: (v) => ({ rrule: scheduleBody(v.rrule) ? undefined : { key: 'schedule.chooseDay', fallback: '', values: {} } }),
    send: async (v) => {
      const body = scheduleBody(v.rrule)
      if (!body) return
      const saved = await put.mutateAsync({ etag: etag.current, body })
      etag.current = saved.etag
      form.reset({ rrule: planOfSchedule(saved) })
      tell.done(t('schedule.saved'))
    },
    newest: async () => {
      const newest = await tagged(api.GET('/api/v1/clubs/{club_id}/schedule', { params: { path: { club_id: club.id } } }))
      etag.current = newest.etag
      return { rrule: planOfSchedule(newest) }
    },
  })
  const stop = () => end.mutateAsync(undefined).then(() => tell.done(t('schedule.ended')), tell.failed)
  return (
    <>
      <Group gap={8} mb="md">
        <CalendarClock size={19} aria-hidden />
        <Text fw={600} data-testid="schedule-words">
          {schedule ? rhythmWords(schedule, i18n.language) : t('schedule.none')}
        </Text>
      </Group>
      <form {...form.props} className={pages.sheet}>
        <Stack>
          <FormError text={form.formError} />
          <ScheduleEditor plan={form.values.rrule} onChange={(plan) => form.set('rrule', plan)} error={form.error('rrule')} />
          <Group justify="flex-end">
            {schedule && (
              <Button
                variant="subtle"
                color="red"
                c="var(--mantine-color-error)"
                mr="auto"
                onClick={() => ask({ title: t('schedule.endConfirm'), text: t('schedule.endConfirmText'), yes: t('schedule.end'), run: stop })}
                data-testid="schedule-end"
              >
                {t('schedule.end')}
              </Button>
            )}
            <Button type="submit" loading={form.sending} data-testid="schedule-save">
              {t('app.save')}
            </Button>
          </Group>
        </Stack>
      </form>
      {dialog}
    </>
  )
}
