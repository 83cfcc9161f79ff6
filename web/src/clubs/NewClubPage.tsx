import { Button, Collapse, Group, Stack, Switch, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useCreateClub } from '../api/clubs'
import { FormError } from '../parts/FormError'
import { PageTitle } from '../parts/PageTitle'
import { mistake, useForm } from '../parts/useForm'
import { useTell } from '../parts/useTell'
import classes from '../pages/pages.module.css'
import type { SchedulePlan } from '../schedule/plan'
import { emptyPlan, scheduleBody } from '../schedule/plan'
import { ScheduleEditor } from '../schedule/ScheduleEditor'
import { localZone } from '../time/format'
import { ClubFields } from './ClubFields'
import type { ClubValues } from './clubForm'
import { clubBody, newClub } from './clubForm'

type Values = ClubValues & { schedule: SchedulePlan | null }

export function NewClubPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const tell = useTell()
  const create = useCreateClub()
  const [plan, setPlan] = useState(() => emptyPlan(localZone(), ''))
  const form = useForm<Values>({
    initial: { ...newClub(localZone()), schedule: null },
    check: (v) => ({
      title: v.title.trim() ? undefined : mistake('required'),
      schedule: v.schedule && !scheduleBody(v.schedule) ? { key: 'schedule.chooseDay', fallback: '', values: {} } : undefined,
    }),
    send: async (v) => {
      const { schedule: plan, ...values } = v
      const { book_id, ...body } = clubBody(values)
      const schedule = plan ? scheduleBody(plan) : undefined
      const club = await create.mutateAsync({ ...body, ...(book_id ? { book_id } : {}), ...(schedule ? { schedule } : {}) })
      tell.done(t('club.created'))
      void navigate(`/clubs/${club.id}`, { replace: true })
    },
  })
  const regular = form.values.schedule !== null
  const change = (next: SchedulePlan) => {
    setPlan(next)
    form.set('schedule', next)
  }
  return (
    <div className={classes.narrow}>
      <PageTitle title={t('club.new')} />
      <Title order={1}>{t('club.new')}</Title>
      <Text c="dimmed" mt={4} mb="lg">
        {t('club.newText')}
      </Text>
      <form {...form.props} className={classes.sheet}>
        <Stack>
          <FormError text={form.formError} />
          {/* The fields of a club are those of this form but one. */}
          <ClubFields form={form as unknown as Parameters<typeof ClubFields>[0]['form']} />
          <Switch
            size="md"
            label={t('schedule.add')}
            description={t('schedule.addText')}
            checked={regular}
            onChange={(e) => form.set('schedule', e.currentTarget.checked ? plan : null)}
            data-testid="club-regular"
          />
          <Collapse expanded={regular}>{regular && <ScheduleEditor plan={plan} onChange={change} error={form.error('schedule')} />}</Collapse>
          <Group justify="flex-end" mt="sm">
            <Button component={Link} to="/" variant="default">
              {t('app.cancel')}
            </Button>
            <Button type="submit" loading={form.sending} data-testid="club-submit">
              {t('club.create')}
            </Button>
          </Group>
        </Stack>
      </form>
    </div>
  )
}
