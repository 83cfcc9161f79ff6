import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Schemas } from '../api/client'
import { Face } from '../parts/Face'
import { formatDay, localZone } from '../time/format'
import classes from './History.module.css'

/** Notes away from their conference: who said what, and where it stands. */
export function FoundNotes({ notes, compact = false }: { notes: Schemas['FoundNote'][]; compact?: boolean }) {
  const { i18n } = useTranslation()
  return (
    <ul className={classes.found} data-testid="found-notes">
      {notes.map(({ note, conference_title, call_start_time }) => (
        <li key={note.id} className={classes.foundRow}>
          <Group gap={8} wrap="nowrap" align="flex-start">
            {!compact && <Face person={note.speaker} size={32} />}
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={700}>
                {note.speaker.nickname}
              </Text>
              <Text size={compact ? 'sm' : 'md'} className={classes.said} lineClamp={compact ? 4 : 8}>
                {note.text}
              </Text>
              <Text size="xs" c="dimmed" mt={2} component={Link} to={`/conferences/${note.conference_id}`} target={compact ? '_blank' : undefined}>
                {conference_title} · <time dateTime={call_start_time}>{formatDay(new Date(call_start_time), i18n.language, localZone())}</time>
              </Text>
            </div>
          </Group>
        </li>
      ))}
    </ul>
  )
}
