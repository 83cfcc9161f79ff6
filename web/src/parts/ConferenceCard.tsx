import { Button, Group, Text, Title } from '@mantine/core'
import { Video } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Conference } from '../api/client'
import { isOpen } from '../time/conference'
import { formatDate, formatTime, localZone } from '../time/format'
import { useNow } from '../time/useNow'
import { DateLeaf } from './DateLeaf'
import { StatusBadge } from './StatusBadge'
import classes from './parts.module.css'

/** A conference in a list. `clubName` says whose it is, where the list mixes clubs. */
export function ConferenceCard({ conference, clubName = false, member = true }: { conference: Conference; clubName?: boolean; member?: boolean }) {
  const { t, i18n } = useTranslation()
  const now = useNow(15_000)
  const start = new Date(conference.call_start_time)
  const open = member && isOpen(conference, now)
  return (
    <article className={`${classes.card} ${classes.linked}`} data-testid="conference-card" data-conference-id={conference.id}>
      <Group gap="md" wrap="nowrap" align="flex-start">
        <DateLeaf at={start} />
        <div style={{ flex: 1, minWidth: 0 }}>
          {clubName && (
            <Text size="xs" c="dimmed" fw={600} truncate>
              {conference.club_title}
            </Text>
          )}
          <Title order={3} size="h5" lineClamp={2}>
            <Link to={`/conferences/${conference.id}`} className={classes.link}>
              {conference.title}
            </Link>
          </Title>
          <Text size="sm" c="dimmed">
            <time dateTime={conference.call_start_time}>
              {formatDate(start, i18n.language, localZone())} {formatTime(start, i18n.language, localZone())}
            </time>
          </Text>
          <Group mt={8} gap="xs" justify="space-between">
            <StatusBadge conference={conference} now={now} />
            {open && (
              <Button
                component={Link}
                to={`/conferences/${conference.id}/meeting`}
                size="compact-sm"
                className={classes.above}
                leftSection={<Video size={15} aria-hidden />}
                aria-label={`${t('conference.joinNow')}: ${conference.title}`}
              >
                {t('conference.joinNow')}
              </Button>
            )}
          </Group>
        </div>
      </Group>
    </article>
  )
}
