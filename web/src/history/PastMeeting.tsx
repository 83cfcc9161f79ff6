import { Text, Title } from '@mantine/core'
import { BookOpen, NotebookPen, UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Schemas } from '../api/client'
import { Cover } from '../parts/Cover'
import { DateLeaf } from '../parts/DateLeaf'
import { Face } from '../parts/Face'
import cards from '../parts/parts.module.css'
import { formatRange } from '../time/format'
import { usePresence } from './usePresence'
import classes from './History.module.css'

/** A conference that took place: its book, who came for how long, and how much was noted. */
export function PastMeeting({ entry, zone }: { entry: Schemas['HistoryEntry']; zone: string }) {
  const { t, i18n } = useTranslation()
  const presence = usePresence()
  const { conference: c, attendance } = entry
  const [start, end] = [new Date(c.call_start_time), new Date(c.call_end_time)]
  return (
    <article className={`${cards.card} ${cards.linked}`} data-testid="history-entry">
      <div className={classes.entry}>
        {c.book ? <Cover book={c.book} size="small" /> : <DateLeaf at={start} zone={zone} />}
        <div style={{ flex: 1, minWidth: 0 }}>
          <Title order={2} size="h4">
            <Link to={`/conferences/${c.id}`} className={cards.link}>
              {c.title}
            </Link>
          </Title>
          <Text size="sm" c="dimmed">
            <time dateTime={c.call_start_time}>{formatRange(start, end, i18n.language, zone)}</time>
          </Text>
          <div className={cards.meta} style={{ marginTop: '0.4rem' }}>
            {c.book && (
              <span>
                <BookOpen size={15} aria-hidden />
                {c.book.title}
              </span>
            )}
            <span>
              <UsersRound size={15} aria-hidden />
              {attendance.length ? t('meet.historyPeople', { count: attendance.length }) : t('meet.historyNobody')}
            </span>
            <span>
              <NotebookPen size={15} aria-hidden />
              {t('meet.historyNotes', { count: entry.note_count })}
            </span>
          </div>
          {attendance.length > 0 && (
            <ul className={classes.people}>
              {attendance.map((a) => (
                <li key={a.user.id} className={classes.person} data-testid="history-person" data-seconds={a.seconds}>
                  <Face person={a.user} size={24} />
                  {a.user.nickname}
                  <Text span size="sm" c="dimmed">
                    {presence(a)}
                  </Text>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
    </article>
  )
}
