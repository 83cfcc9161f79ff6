import { TimePicker } from '@mantine/dates'
import { useTranslation } from 'react-i18next'

export interface TimeFieldProps {
  label: string
  value: string
  onChange: (time: string) => void
  error?: string
  testId?: string
}

/** A time of day as HH:MM, empty while it is not complete; typed, or chosen from lists. The clock has 24 hours. */
export function TimeField({ label, value, onChange, error, testId }: TimeFieldProps) {
  const { t } = useTranslation()
  return (
    <TimePicker
      label={label}
      size="md"
      value={value}
      onChange={(v) => onChange(v.slice(0, 5))}
      error={error}
      withDropdown
      minutesStep={5}
      clearable={false}
      hoursInputLabel={`${label}: ${t('time.hours')}`}
      minutesInputLabel={`${label}: ${t('time.minutes')}`}
      hoursInputProps={{ 'aria-invalid': Boolean(error) || undefined }}
      data-testid={testId}
    />
  )
}
