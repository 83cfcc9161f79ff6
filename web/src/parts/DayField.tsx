import { DateInput } from '@mantine/dates'
import { CalendarDays } from 'lucide-react'
import { useTranslation } from 'react-i18next'

export interface DayFieldProps {
  label: string
  /** YYYY-MM-DD, empty for none. */
  value: string
  onChange: (day: string) => void
  error?: string | undefined
  min?: string
  max?: string
  clearable?: boolean
  testId?: string
}

/** A day of the calendar, typed or chosen. */
export function DayField({ label, value, onChange, error, min, max, clearable = false, testId }: DayFieldProps) {
  const { t } = useTranslation()
  return (
    <DateInput
      label={label}
      size="md"
      valueFormat="YYYY-MM-DD"
      placeholder="YYYY-MM-DD"
      value={value || null}
      onChange={(v) => onChange(v ?? '')}
      error={error}
      {...(min === undefined ? {} : { minDate: min })}
      {...(max === undefined ? {} : { maxDate: max })}
      clearable={clearable}
      clearButtonProps={{ 'aria-label': t('app.remove') }}
      rightSection={clearable && value ? undefined : <CalendarDays size={18} aria-hidden />}
      rightSectionPointerEvents={clearable && value ? 'auto' : 'none'}
      popoverProps={{ zIndex: 500 }}
      ariaLabels={{
        previousMonth: t('time.previousMonth'),
        nextMonth: t('time.nextMonth'),
        previousYear: t('time.previousYear'),
        nextYear: t('time.nextYear'),
        previousDecade: t('time.previousDecade'),
        nextDecade: t('time.nextDecade'),
      }}
      data-testid={testId}
    />
  )
}
