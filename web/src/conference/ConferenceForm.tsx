import { Alert, Button, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { CalendarClock, Zap } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Schemas } from '../api/client'
import classes from '../pages/pages.module.css'
import { BookPicker } from '../parts/BookPicker'
import { DayField } from '../parts/DayField'
import { FormError } from '../parts/FormError'
import { TimeField } from '../parts/TimeField'
import { mistake, useForm } from '../parts/useForm'
import { ZoneSelect } from '../parts/ZoneSelect'
import { formatRange, instantOf, localZone, wallDate, wallTime } from '../time/format'
import type { Plan } from './plan'
import { planTimes } from './plan'

type NewConference = Schemas['NewConference']

/** The form also holds the server's words about instants, which it has no field for. */
type Draft = Plan & Record<'call_start_time' | 'call_end_time', string>

const lengths = ['30', '60', '90', '120', '180']

export interface ConferenceFormProps {
  initial: Plan
  submit: string
  back: string
  /** The book chosen at the beginning. */
  book?: Schemas['BookName'] | undefined
  /** The conference is on calendars already: moving it is worth a word. */
  exists?: boolean
  /** `book_id` is 0 for none. */
  send: (body: NewConference & { book_id: number }) => Promise<unknown>
  /** The present plan, asked for when somebody else was faster. */
  newest?: () => Promise<Plan>
}

const whole = (plan: Plan): Draft => ({ ...plan, call_start_time: '', call_end_time: '' })

/** When and about what a conference is; used to schedule one and to change it. */
export function ConferenceForm({ initial, submit, back, book, exists = false, send, newest }: ConferenceFormProps) {
  const { t } = useTranslation()
  const lengthId = useId()
  const form = useForm<Draft>({
    initial: whole(initial),
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
        book_id: v.book_id,
      })
    },
    ...(newest ? { newest: async () => whole(await newest()) } : {}),
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
        <BookPicker
          label={`${t('meet.bookField')} ${t('app.optional')}`}
          placeholder={t('finder.bookSearch')}
          value={form.values.book_id}
          onChange={(id) => form.set('book_id', id)}
          chosen={book}
          error={form.error('book_id')}
        />
        <div className={classes.pair}>
          <DayField
            label={t('conference.date')}
            value={form.values.date}
            onChange={(v) => form.set('date', v)}
            error={form.error('date')}
            min={wallDate(new Date(), form.values.zone)}
            testId="conference-date"
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
            <Text size="md" fw={500} id={lengthId}>
              {t('conference.length')}
            </Text>
            {!exists && (
              <Button variant="subtle" size="compact-sm" leftSection={<Zap size={15} aria-hidden />} onClick={startNow} data-testid="conference-start-now">
                {t('conference.startNow')}
              </Button>
            )}
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
        {exists ? <Moved from={initial} to={form.values} /> : <Preview plan={form.values} />}
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

/** What a move means, before it is done; without a move, the time as it is. */
function Moved({ from, to }: { from: Plan; to: Plan }) {
  const { t, i18n } = useTranslation()
  const [before, after] = [planTimes(from), planTimes(to)]
  if (!before || !after || (before.start.getTime() === after.start.getTime() && before.end.getTime() === after.end.getTime())) return <Preview plan={to} />
  const say = ({ start, end }: { start: Date; end: Date }) => formatRange(start, end, i18n.language, to.zone)
  return (
    <Alert color="clay" variant="light" icon={<CalendarClock size={18} />} aria-live="polite">
      {t('meet.moveText', { from: say(before), to: say(after) })}
    </Alert>
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
