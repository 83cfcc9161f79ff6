import { Button, Group, Select, Stack, Text, Textarea, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { useCreateClub } from '../api/queries'
import { FormError } from '../parts/FormError'
import { PageTitle } from '../parts/PageTitle'
import { TimeField } from '../parts/TimeField'
import { mistake, useForm } from '../parts/useForm'
import { ZoneSelect } from '../parts/ZoneSelect'
import { localZone } from '../time/format'
import classes from './pages.module.css'

/** Seats a club may have; the server has the last word. */
const seats = ['2', '3', '4', '5', '6']

export function NewClubPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const create = useCreateClub()
  const form = useForm({
    initial: { title: '', summary: '', detail: '', max_user: '6', time_freq: '', time: '', time_zone: localZone() },
    check: (v) => ({ title: v.title.trim() ? undefined : mistake('required') }),
    send: async (v) => {
      const club = await create.mutateAsync({ ...v, title: v.title.trim(), summary: v.summary.trim(), detail: v.detail.trim(), time_freq: v.time_freq.trim(), max_user: Number(v.max_user) })
      notifications.show({ color: 'moss', message: t('club.created') })
      void navigate(`/clubs/${club.id}`, { replace: true })
    },
  })
  const optional = (label: string) => `${label} ${t('app.optional')}`
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
          <TextInput {...form.field('title')} label={t('club.name')} placeholder={t('club.namePlaceholder')} maxLength={100} data-testid="club-title" />
          <TextInput {...form.field('summary')} label={optional(t('club.summary'))} placeholder={t('club.summaryPlaceholder')} maxLength={150} />
          <Textarea {...form.field('detail')} label={optional(t('club.detail'))} placeholder={t('club.detailPlaceholder')} autosize minRows={4} maxRows={14} />
          <div className={classes.pair}>
            <Select
              label={t('club.seats')}
              description={t('club.seatsHint')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              data={seats.map((n) => ({ value: n, label: t('club.seatsValue', { count: Number(n) }) }))}
              value={form.values.max_user}
              error={form.error('max_user')}
              onChange={(v) => form.set('max_user', v ?? '6')}
              allowDeselect={false}
            />
            <TextInput {...form.field('time_freq')} label={optional(t('club.timeFreq'))} placeholder={t('club.timeFreqPlaceholder')} maxLength={100} />
            <TimeField label={optional(t('club.time'))} value={form.values.time} error={form.error('time')} onChange={(v) => form.set('time', v)} />
            <ZoneSelect label={t('club.timeZone')} value={form.values.time_zone} error={form.error('time_zone')} onChange={(v) => form.set('time_zone', v)} />
          </div>
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
