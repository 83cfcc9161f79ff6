import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Conference } from '../api/client'
import { statusAt } from '../time/conference'
import { useCountdown } from '../time/useCountdown'

/** How a conference stands now; for one to come, how long until then. */
export function StatusBadge({ conference, now, size = 'md' }: { conference: Conference; now: Date; size?: 'md' | 'lg' }) {
  const { t } = useTranslation()
  const until = useCountdown(now, new Date(conference.call_start_time))
  const status = statusAt(conference, now)
  const color = status === 'live' ? 'moss' : status === 'scheduled' ? 'clay' : 'gray'
  return (
    <Badge color={color} variant={status === 'live' ? 'filled' : 'light'} size={size} tt="none" data-testid="conference-status" data-status={status}>
      {status === 'scheduled' ? until : t(`conference.status.${status}`)}
    </Badge>
  )
}
