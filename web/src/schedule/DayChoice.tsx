import { Text, VisuallyHidden } from '@mantine/core'
import { Fragment, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { GroupLabel } from '../parts/GroupLabel'
import type { SchedulePlan, Weekday } from './plan'
import { ordinals, weekdays } from './plan'
import classes from './ScheduleEditor.module.css'

export interface DayChoiceProps {
  plan: SchedulePlan
  set: (change: Partial<SchedulePlan>) => void
  error?: string | undefined
}

/** With it, or without it where it was there. */
function toggled<T>(list: readonly T[], one: T): T[] {
  return list.includes(one) ? list.filter((x) => x !== one) : [...list, one]
}

/** The days of a week, of the weeks of a month, or of a month, as keys to press. */
export function DayChoice({ plan, set, error }: DayChoiceProps) {
  const { t } = useTranslation()
  const id = useId()
  const label = { weeks: t('schedule.days'), weekdays: t('schedule.places'), dates: t('schedule.datesLabel') }[plan.kind]
  return (
    <div role="group" aria-labelledby={id}>
      <GroupLabel id={id}>{label}</GroupLabel>
      {plan.kind === 'weeks' && <Week days={plan.days} press={(d) => set({ days: toggled(plan.days, d) })} />}
      {plan.kind === 'weekdays' && <Weeks places={plan.places} press={(p) => set({ places: toggled(plan.places, p) })} />}
      {plan.kind === 'dates' && <Dates dates={plan.dates} press={(d) => set({ dates: toggled(plan.dates, d) })} />}
      {error && (
        <Text c="var(--mantine-color-error)" size="sm" mt={6} role="alert">
          {error}
        </Text>
      )}
    </div>
  )
}

/** The days in the order of the calendars of the language: Korean weeks begin on Sunday. */
function useDays(): Weekday[] {
  const { i18n } = useTranslation()
  return i18n.language === 'ko' ? ['sun', ...weekdays.slice(0, 6)] : [...weekdays]
}

interface KeyProps {
  pressed: boolean
  name: string
  text: string
  press: () => void
  wide?: boolean
  testId?: string
}

function Key({ pressed, name, text, press, wide = false, testId }: KeyProps) {
  return (
    <button type="button" aria-pressed={pressed} className={wide ? `${classes.chip} ${classes.wide}` : classes.chip} onClick={press} data-testid={testId}>
      <span aria-hidden>{text}</span>
      <VisuallyHidden>{name}</VisuallyHidden>
    </button>
  )
}

function Week({ days, press }: { days: Weekday[]; press: (day: Weekday) => void }) {
  const { t } = useTranslation()
  return (
    <div className={classes.chips}>
      {useDays().map((d) => (
        <Key key={d} pressed={days.includes(d)} name={t(`schedule.long.${d}`)} text={t(`schedule.short.${d}`)} press={() => press(d)} testId={`day-${d}`} />
      ))}
    </div>
  )
}

function Weeks({ places, press }: { places: string[]; press: (place: string) => void }) {
  const { t } = useTranslation()
  const days = useDays()
  return (
    <div className={classes.places}>
      {ordinals.map((n) => {
        const ordinal = t(`schedule.ordinal.${n}`)
        return (
          <Fragment key={n}>
            <span className={classes.ordinal} aria-hidden>
              {ordinal}
            </span>
            {days.map((d) => (
              <Key
                key={d}
                pressed={places.includes(`${n}${d}`)}
                name={t('schedule.place', { ordinal, day: t(`schedule.long.${d}`) })}
                text={t(`schedule.short.${d}`)}
                press={() => press(`${n}${d}`)}
                testId={`place-${n}${d}`}
              />
            ))}
          </Fragment>
        )
      })}
    </div>
  )
}

function Dates({ dates, press }: { dates: number[]; press: (date: number) => void }) {
  const { t } = useTranslation()
  return (
    <div className={classes.chips}>
      {Array.from({ length: 31 }, (_, i) => i + 1).map((n) => (
        <Key key={n} pressed={dates.includes(n)} name={t('schedule.date', { count: n })} text={String(n)} press={() => press(n)} />
      ))}
      <Key pressed={dates.includes(-1)} name={t('schedule.lastDate')} text={t('schedule.lastDate')} press={() => press(-1)} wide />
    </div>
  )
}
