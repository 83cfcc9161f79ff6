import { Button, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { CalendarDays, Zap } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { components } from '../api/schema.gen'
import { FormError } from '../parts/FormError'
import { GroupLabel } from '../parts/GroupLabel'
import { mistake, useForm } from '../parts/useForm'
import { TimeField } from '../parts/TimeField'
import { ZoneSelect } from '../parts/ZoneSelect'
import { formatRange, instantOf, localZone, wallDate, wallTime } from '../time/format'
import type { Plan } from './plan'
import { planTimes } from './plan'
import classes from './pages.module.css'

type NewConference = components['schemas']['NewConference']

const lengths = ['30', '60', '90', '120', '180']

export interface ConferenceFormProps {
  initial: Plan
  submit: string
  back: string
  send: (body: NewConference) => Promise<unknown>
}

/** When and about what a conference is; used to schedule one and to change it. */
export function ConferenceForm({ initial, submit, back, send }: ConferenceFormProps) {
  const { t } = useTranslation()
  const lengthId = useId()
  const form = useForm<Plan & Record<'call_start_time' | 'call_end_time', string>>({
    initial: { ...initial, call_start_time: '', call_end_time: '' },
    check: (v) => ({
      title: v.title.trim() ? undefined : mistake('required'),
      date: instantOf(v.date, '00:00', v.zone) ? undefined : mistake('required'),
      time: instantOf('2000-01-01', v.time, v.zone) ? undefined : mistake('required'),
    }),
    send: async (v) => {
      const times = planTimes(v)
      if (!times) return
      await send({
        title: v.title.trim(),
        description: v.description.trim(),
        call_start_time: times.start.toISOString(),
        call_end_time: times.end.toISOString(),
      })
    },
  })
  // The server speaks of instants, the form of a date and a clock: its words about the start stand at the clock.
  const timeError = form.error('time') ?? form.error('call_start_time')
  function startNow() {
    const now = new Date()
    form.set('date', wallDate(now, form.values.zone))
    form.set('time', wallTime(now, form.values.zone))
    form.set('call_start_time', '')
  }
  const choices = lengths.includes(initial.length) ? lengths : [...lengths, initial.length].sort((a, b) => Number(a) - Number(b))
  return (
    <form {...form.props} className={classes.sheet}>
      <Stack>
        <FormError text={form.formError} />
        <TextInput {...form.field('title')} label={t('conference.name')} placeholder={t('conference.namePlaceholder')} maxLength={100} data-testid="conference-title" />
        <div className={classes.pair}>
          <DateInput
            label={t('conference.date')}
            size="md"
            valueFormat="YYYY-MM-DD"
            placeholder="YYYY-MM-DD"
            value={form.values.date || null}
            onChange={(v) => form.set('date', v ?? '')}
            error={form.error('date')}
            minDate={wallDate(new Date(), form.values.zone)}
            rightSection={<CalendarDays size={18} aria-hidden />}
            rightSectionPointerEvents="none"
            ariaLabels={{
              previousMonth: t('time.previousMonth'),
              nextMonth: t('time.nextMonth'),
              previousYear: t('time.previousYear'),
              nextYear: t('time.nextYear'),
              previousDecade: t('time.previousDecade'),
              nextDecade: t('time.nextDecade'),
            }}
            data-testid="conference-date"
          />
          <TimeField
            label={t('conference.time')}
            value={form.values.time}
            error={timeError}
            onChange={(v) => {
              form.set('time', v)
              form.set('call_start_time', '')
            }}
            testId="conference-time"
          />
        </div>
        <div>
          <Group justify="space-between" mb={4} gap="xs">
            <GroupLabel id={lengthId}>{t('conference.length')}</GroupLabel>
            <Button variant="subtle" size="compact-sm" leftSection={<Zap size={15} aria-hidden />} onClick={startNow} data-testid="conference-start-now">
              {t('conference.startNow')}
            </Button>
          </Group>
          <SegmentedControl
            fullWidth
            aria-labelledby={lengthId}
            value={form.values.length}
            onChange={(v) => form.set('length', v)}
            data={choices.map((n) => ({ value: n, label: t('conference.minutes', { count: Number(n) }) }))}
            styles={{ label: { paddingInline: 4 } }}
          />
          {form.error('call_end_time') && (
            <Text c="var(--mantine-color-error)" size="sm" mt={4}>
              {form.error('call_end_time')}
            </Text>
          )}
        </div>
        <ZoneSelect label={t('conference.timeZone')} value={form.values.zone} onChange={(v) => form.set('zone', v)} />
        <Preview plan={form.values} />
        <Textarea
          {...form.field('description')}
          label={`${t('conference.description')} ${t('app.optional')}`}
          placeholder={t('conference.descriptionPlaceholder')}
          autosize
          minRows={3}
          maxRows={12}
        />
        <Group justify="flex-end" mt="sm">
          <Button component={Link} to={back} variant="default">
            {t('app.cancel')}
          </Button>
          <Button type="submit" loading={form.sending} data-testid="conference-submit">
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Preview({ plan }: { plan: Plan }) {
  const { t, i18n } = useTranslation()
  const times = planTimes(plan)
  return (
    <div className={classes.preview} aria-live="polite">
      <Text size="xs" c="dimmed" fw={600}>
        {t('conference.preview')}
      </Text>
      {times ? (
        <>
          <Text fw={600}>{formatRange(times.start, times.end, i18n.language, plan.zone)}</Text>
          {plan.zone !== localZone() && (
            <Text size="sm" c="dimmed">
              {t('conference.previewLocal', { when: formatRange(times.start, times.end, i18n.language, localZone()) })}
            </Text>
          )}
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {t('conference.previewMissing')}
        </Text>
      )}
    </div>
  )
}
