import { Badge, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Member } from '../api/client'
import { formatDay, localZone } from '../time/format'
import { Face } from './Face'
import classes from './People.module.css'

/** The members of a club, one below the other. */
export function People({ members, since = true }: { members: Member[]; since?: boolean }) {
  const { t, i18n } = useTranslation()
  return (
    <ul className={classes.list} data-testid="member-list">
      {members.map((m) => (
        <li key={m.user.id}>
          <Group gap="sm" wrap="nowrap">
            <Face person={m.user} />
            <div style={{ minWidth: 0 }}>
              <Group gap={6} wrap="nowrap">
                <Text fw={600} truncate>
                  {m.user.nickname}
                </Text>
                {m.role === 'owner' && (
                  <Badge size="sm" variant="light">
                    {t('club.owner')}
                  </Badge>
                )}
              </Group>
              {since && (
                <Text size="xs" c="dimmed">
                  {t('club.joinedSince', { date: formatDay(new Date(m.joined_at), i18n.language, localZone()) })}
                </Text>
              )}
            </div>
          </Group>
        </li>
      ))}
    </ul>
  )
}
