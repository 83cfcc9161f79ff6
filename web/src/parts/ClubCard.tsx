import { Badge, Group, Text, Title } from '@mantine/core'
import { CalendarClock, UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Club } from '../api/client'
import { faceColor } from './face'
import classes from './parts.module.css'

export function ClubCard({ club }: { club: Club }) {
  const { t } = useTranslation()
  const rhythm = [club.time_freq, club.time].filter(Boolean).join(' · ')
  const free = club.max_user - club.member_count
  return (
    <article className={`${classes.card} ${classes.linked}`} data-testid="club-card" data-club-id={club.id}>
      <span className={classes.spine} style={{ background: faceColor(club.title) }} aria-hidden />
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
        <Title order={3} size="h4" lineClamp={2}>
          <Link to={`/clubs/${club.id}`} className={classes.link}>
            {club.title}
          </Link>
        </Title>
        {club.role === 'owner' && <Badge variant="light" className={classes.whole}>{t('club.owner')}</Badge>}
        {club.role === 'none' && free <= 0 && (
          <Badge variant="light" color="gray" className={classes.whole}>
            {t('club.full')}
          </Badge>
        )}
      </Group>
      <Text size="sm" c="dimmed" className={classes.twoLines} style={{ flex: 1 }}>
        {club.summary}
      </Text>
      <div className={classes.meta}>
        <span>
          <UsersRound size={15} aria-hidden />
          {t('club.memberCount', { count: club.member_count, max: club.max_user })}
        </span>
        {rhythm && (
          <span>
            <CalendarClock size={15} aria-hidden />
            {rhythm}
          </span>
        )}
      </div>
    </article>
  )
}
