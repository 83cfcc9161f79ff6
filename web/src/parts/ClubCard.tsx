import { Badge, Group, Text, Title } from '@mantine/core'
import { BookOpen, CalendarClock, UsersRound } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Club } from '../api/client'
import { Thumb } from '../clubs/Thumb'
import { rhythmWords } from '../schedule/words'
import classes from './parts.module.css'

export function ClubCard({ club }: { club: Club }) {
  const { t, i18n } = useTranslation()
  const free = club.max_user - club.member_count
  return (
    <article className={`${classes.card} ${classes.linked}`} data-testid="club-card" data-club-id={club.id}>
      <Group wrap="nowrap" align="flex-start" gap="md">
        <Thumb title={club.title} url={club.thumbnail} size="card" />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Title order={3} size="h4" lineClamp={2}>
            <Link to={`/clubs/${club.id}`} className={classes.link}>
              {club.title}
            </Link>
          </Title>
          <Group gap={6} mt={4}>
            {club.role === 'owner' && <Badge variant="light">{t('club.owner')}</Badge>}
            {club.role === 'member' && <Badge variant="light">{t('club.member')}</Badge>}
            {club.role === 'none' && (
              <Badge variant="light" color={free > 0 ? 'moss' : 'gray'}>
                {free > 0 ? t('club.seatsLeft', { count: free }) : t('club.full')}
              </Badge>
            )}
            <Badge variant="default">{t(`finder.categories.${club.category}`)}</Badge>
          </Group>
        </div>
      </Group>
      <Text size="sm" c="dimmed" className={classes.twoLines} style={{ flex: 1 }}>
        {club.summary}
      </Text>
      <div className={classes.meta}>
        <span>
          <UsersRound size={15} aria-hidden />
          {t('club.memberCount', { count: club.member_count, max: club.max_user })}
        </span>
        {club.schedule && (
          <span>
            <CalendarClock size={15} aria-hidden />
            {rhythmWords(club.schedule, i18n.language)}
          </span>
        )}
        {club.book && (
          <span>
            <BookOpen size={15} aria-hidden />
            {club.book.title}
          </span>
        )}
      </div>
    </article>
  )
}
