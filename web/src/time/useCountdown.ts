import { useTranslation } from 'react-i18next'
import { countdown } from './format'

/** Words for the time until `at`. */
export function useCountdown(now: Date, at: Date): string {
  const { t } = useTranslation()
  const c = countdown(now, at)
  return t(`countdown.${c.unit}`, { days: c.days, hours: c.hours, minutes: c.minutes })
}
