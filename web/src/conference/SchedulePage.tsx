import { Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Club } from '../api/client'
import { useClub } from '../api/clubs'
import { useScheduleConference } from '../api/conferences'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { ConferenceForm } from './ConferenceForm'
import { NotFoundPage } from '../pages/NotFoundPage'
import { firstPlan } from './plan'
import classes from '../pages/pages.module.css'
import { usePathId } from '../pages/usePathId'

export function SchedulePage() {
  const id = usePathId()
  const club = useClub(id)
  if (Number.isNaN(id)) return <NotFoundPage />
  if (club.isPending) return <Loading full />
  if (club.isError) return <Failed error={club.error} retry={() => void club.refetch()} />
  return <ScheduleFor club={club.data} />
}

function ScheduleFor({ club }: { club: Club }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const schedule = useScheduleConference(club.id)
  const [initial] = useState(() => firstPlan(new Date(), club))
  return (
    <div className={classes.narrow}>
      <PageTitle title={t('conference.schedule')} />
      <Title order={1}>{t('conference.schedule')}</Title>
      <Text c="dimmed" mt={4} mb="lg">
        {t('conference.scheduleText', { club: club.title })}
      </Text>
      <ConferenceForm
        initial={initial}
        submit={t('conference.create')}
        back={`/clubs/${club.id}`}
        book={club.book}
        send={async ({ book_id, ...body }) => {
          const made = await schedule.mutateAsync(book_id ? { ...body, book_id } : body)
          notifications.show({ color: 'moss', message: t('conference.created') })
          void navigate(`/conferences/${made.id}`, { replace: true })
        }}
      />
    </div>
  )
}
