import { Alert, Button, Select, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { DayField } from '../parts/DayField'
import { GroupLabel } from '../parts/GroupLabel'
import { TimeField } from '../parts/TimeField'
import { ZoneSelect } from '../parts/ZoneSelect'
import { DayChoice } from './DayChoice'
import type { SchedulePlan } from './plan'
import { emptyPlan } from './plan'
import { Preview } from './Preview'
import classes from './ScheduleEditor.module.css'

const lengths = [30, 60, 90, 120, 180]
const everies = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

export interface ScheduleEditorProps {
  plan: SchedulePlan
  onChange: (plan: SchedulePlan) => void
  error?: string | undefined
}

/** Puts together when a club meets, and shows what comes of it. */
export function ScheduleEditor({ plan, onChange, error }: ScheduleEditorProps) {
  const { t } = useTranslation()
  const kindId = useId()
  const set = (change: Partial<SchedulePlan>) => onChange({ ...plan, ...change })
  const optional = (label: string) => `${label} ${t('app.optional')}`
  if (plan.custom !== undefined) {
    return (
      <Alert>
        <Text size="sm" mb="sm">
          {t('schedule.custom', { rule: plan.custom })}
        </Text>
        <Button size="sm" variant="default" onClick={() => onChange({ ...emptyPlan(plan.zone, plan.starts), time: plan.time, minutes: plan.minutes, title: plan.title })}>
          {t('schedule.customReplace')}
        </Button>
      </Alert>
    )
  }
  const minutes = lengths.includes(plan.minutes) ? lengths : [...lengths, plan.minutes].sort((a, b) => a - b)
  return (
    <Stack data-testid="schedule-editor">
      <div>
        <GroupLabel id={kindId}>{t('schedule.kind')}</GroupLabel>
        <SegmentedControl
          fullWidth
          aria-labelledby={kindId}
          value={plan.kind}
          onChange={(v) => set({ kind: v })}
          data={(['weeks', 'weekdays', 'dates'] as const).map((k) => ({ value: k, label: t(`schedule.${k}`) }))}
          styles={{ label: { paddingInline: 4, whiteSpace: 'normal' } }}
        />
      </div>
      <DayChoice plan={plan} set={set} error={error} />
      <div className={classes.pair}>
        <Select
          label={t('schedule.every')}
          data={everies.map((n) => ({ value: String(n), label: t(everyKey(plan.kind, n), { count: n }) }))}
          value={String(plan.every)}
          onChange={(v) => set({ every: Number(v ?? 1) })}
          allowDeselect={false}
        />
        <TimeField label={t('schedule.time')} value={plan.time} onChange={(time) => set({ time })} testId="schedule-time" />
        <Select
          label={t('schedule.minutes')}
          data={minutes.map((n) => ({ value: String(n), label: t('conference.minutes', { count: n }) }))}
          value={String(plan.minutes)}
          onChange={(v) => set({ minutes: Number(v ?? 90) })}
          allowDeselect={false}
        />
        <ZoneSelect label={t('schedule.zone')} value={plan.zone} onChange={(zone) => set({ zone })} />
        <DayField label={optional(t('schedule.starts'))} value={plan.starts} onChange={(starts) => set({ starts })} clearable />
        <DayField label={optional(t('schedule.until'))} value={plan.until} onChange={(until) => set({ until })} clearable />
      </div>
      <TextInput
        label={optional(t('schedule.conferenceTitle'))}
        description={t('schedule.conferenceTitleHint')}
        value={plan.title}
        onChange={(e) => set({ title: e.currentTarget.value })}
        maxLength={100}
      />
      <Preview plan={plan} />
    </Stack>
  )
}

function everyKey(kind: SchedulePlan['kind'], n: number) {
  if (kind === 'weeks') return n === 1 ? 'schedule.everyWeek' : 'schedule.everyWeeks'
  return n === 1 ? 'schedule.everyMonth' : 'schedule.everyMonths'
}
