import { Badge, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Member, Person } from '../api/client'
import { formatDay, localZone } from '../time/format'
import { Face } from './Face'
import classes from './People.module.css'

/** The members of a club, one below the other. */
export function People({ members, since = true, action }: { members: Member[]; since?: boolean; action?: (m: Member) => ReactNode }) {
  const { t, i18n } = useTranslation()
  return (
    <ul className={classes.list} data-testid="member-list">
      {members.map((m) => (
        <li key={m.user.id} className={classes.row}>
          <PersonLine
            person={m.user}
            badge={m.role === 'owner' ? t('club.owner') : undefined}
            below={since ? t('club.joinedSince', { date: formatDay(new Date(m.joined_at), i18n.language, localZone()) }) : undefined}
          />
          {action?.(m)}
        </li>
      ))}
    </ul>
  )
}

/** A person's picture and name, which lead to their page. */
export function PersonLine({ person, badge, below }: { person: Person; badge?: string | undefined; below?: string | undefined }) {
  return (
    <Group gap="sm" wrap="nowrap" flex={1} miw={0}>
      <Face person={person} />
      <div style={{ minWidth: 0 }}>
        <Group gap={6} wrap="nowrap">
          <Text fw={600} truncate component={Link} to={`/users/${person.id}`} className={classes.name}>
            {person.nickname}
          </Text>
          {badge && (
            <Badge size="sm" variant="light" style={{ flex: 'none' }}>
              {badge}
            </Badge>
          )}
        </Group>
        {below && (
          <Text size="xs" c="dimmed">
            {below}
          </Text>
        )}
      </div>
    </Group>
  )
}
