import { Button, Group, Text } from '@mantine/core'
import { Video } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Club, Conference } from '../api/client'
import { isOpen, statusAt } from '../time/conference'
import { formatDate, formatTime, localZone } from '../time/format'
import { useCountdown } from '../time/useCountdown'
import { freeSeats } from './seats'

/** The way into the meeting, or why there is none now. */
export function Entrance({ conference, club, now }: { conference: Conference; club: Club | undefined; now: Date }) {
  const { t, i18n } = useTranslation()
  const opens = new Date(conference.join_opens_at)
  const until = useCountdown(now, opens)
  if (conference.status === 'cancelled') return <Text c="dimmed">{t('conference.cancelledText')}</Text>
  if (club && conference.role === 'none') {
    return (
      <Group gap="sm">
        <Button component={Link} to={`/clubs/${club.id}`}>
          {t('conference.toClub')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('conference.membersOnlyText')}
        </Text>
      </Group>
    )
  }
  if (isOpen(conference, now)) {
    if (!club && conference.role === 'none' && freeSeats(conference) === 0) {
      return (
        <Button size="md" disabled data-testid="join-meeting">
          {t('meet.seatsFull')}
        </Button>
      )
    }
    return (
      <Button component={Link} to={`/conferences/${conference.id}/meeting`} size="md" leftSection={<Video size={19} aria-hidden />} data-testid="join-meeting">
        {t('conference.join')}
      </Button>
    )
  }
  if (statusAt(conference, now) === 'ended') return <Text c="dimmed">{t('conference.ended')}</Text>
  const zone = club?.time_zone ?? localZone()
  const at = `${formatDate(opens, i18n.language, zone)} ${formatTime(opens, i18n.language, zone)}`
  return (
    <Group gap="sm">
      <Button size="md" disabled leftSection={<Video size={19} aria-hidden />} data-testid="join-meeting">
        {t('conference.opensIn', { when: until })}
      </Button>
      <Text size="sm" c="dimmed">
        {t('conference.notOpen', { when: at })}
      </Text>
    </Group>
  )
}
