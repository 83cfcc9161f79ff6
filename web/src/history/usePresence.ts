import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'

/** Words for how long somebody was there. */
export function usePresence() {
  const { t } = useTranslation()
  return (a: Pick<Schemas['Attendance'], 'minutes' | 'seconds'>) =>
    a.seconds < 60 ? t('meet.attendedShort', { seconds: a.seconds }) : t('meet.attended', { minutes: a.minutes })
}
