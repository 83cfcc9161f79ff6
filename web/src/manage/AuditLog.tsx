import { Text } from '@mantine/core'
import { ClipboardList } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { useAudit } from '../api/clubs'
import { Empty } from '../parts/Empty'
import { Face } from '../parts/Face'
import { Listing } from '../parts/Listing'
import { Section } from '../parts/Section'
import { formatDate, formatTime, localZone } from '../time/format'
import classes from './Manage.module.css'

/** What was done to the club, by whom and when. */
export function AuditLog({ clubId }: { clubId: number }) {
  const { t } = useTranslation()
  const log = useAudit(clubId)
  return (
    <Section title={t('manage.parts.log')}>
      <Text size="sm" c="dimmed" mb="md">
        {t('manage.logText')}
      </Text>
      <Listing list={log} empty={<Empty icon={<ClipboardList />} title={t('manage.logEmpty')} text={t('manage.logEmptyText')} />}>
        {(items) => (
          <ol className={classes.list} data-testid="audit-log">
            {items.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ol>
        )}
      </Listing>
    </Section>
  )
}

function Entry({ entry }: { entry: Schemas['AuditEntry'] }) {
  const { t, i18n } = useTranslation()
  const key = `manage.actions.${entry.action}`
  // The key is made from a code of the server, so the compiler cannot know it.
  const done = i18n.exists(key) ? (t as (key: string) => string)(key) : entry.action
  const about = [entry.user?.nickname, entry.subject].filter(Boolean).join(' · ')
  const at = new Date(entry.at)
  return (
    <li className={classes.row}>
      <Face person={entry.actor} size={32} />
      <div className={classes.text}>
        <Text span fw={600}>
          {entry.actor.nickname}
        </Text>{' '}
        {done}
        {about && (
          <Text size="sm" c="dimmed" lineClamp={2}>
            {about}
          </Text>
        )}
      </div>
      <Text size="sm" c="dimmed">
        <time dateTime={entry.at}>
          {formatDate(at, i18n.language, localZone())} {formatTime(at, i18n.language, localZone())}
        </time>
      </Text>
    </li>
  )
}
