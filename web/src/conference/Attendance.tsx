import { Badge, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Conference } from '../api/client'
import { useAttendance } from '../api/history'
import { usePresence } from '../history/usePresence'
import { Listing } from '../parts/Listing'
import { PersonLine } from '../parts/People'
import { Section } from '../parts/Section'
import { formatTime, localZone } from '../time/format'
import classes from './Conference.module.css'

/** Who is in the meeting at this moment, and who came before. For those who may see the notes. */
export function Attendance({ conference, open }: { conference: Conference; open: boolean }) {
  const { t, i18n } = useTranslation()
  const presence = usePresence()
  const list = useAttendance(conference.id, true, open ? 10_000 : false)
  return (
    <Section title={t('meet.attendance')}>
      <Listing
        list={list}
        empty={
          <Text c="dimmed" size="sm">
            {open ? t('meet.presentNone') : t('meet.attendanceEmpty')}
          </Text>
        }
      >
        {(items) => (
          <ul className={classes.who} data-testid="attendance">
            {items.map((a) => (
              <li key={a.user.id} className={classes.row} data-testid="attended" data-seconds={a.seconds}>
                <PersonLine person={a.user} below={`${presence(a)} · ${t('meet.cameAt', { time: formatTime(new Date(a.joined_at), i18n.language, localZone()) })}`} />
                {a.present && (
                  <Badge color="moss" variant="light" style={{ flex: 'none' }}>
                    {t('meet.presentNow')}
                  </Badge>
                )}
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Section>
  )
}
