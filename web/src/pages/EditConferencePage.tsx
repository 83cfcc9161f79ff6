import { Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Club, Conference } from '../api/client'
import { useClub, useConference, useUpdateConference } from '../api/queries'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { ConferenceForm } from './ConferenceForm'
import { NotFoundPage } from './NotFoundPage'
import { planOf } from './plan'
import classes from './pages.module.css'
import { usePathId } from './usePathId'

export function EditConferencePage() {
  const id = usePathId()
  const conference = useConference(id)
  const club = useClub(conference.data?.club_id)
  if (Number.isNaN(id)) return <NotFoundPage />
  if (conference.isError) return <Failed error={conference.error} retry={() => void conference.refetch()} />
  if (!conference.data || !club.data) return <Loading full />
  return <EditOf conference={conference.data} club={club.data} />
}

function EditOf({ conference, club }: { conference: Conference; club: Club }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const update = useUpdateConference(conference.id)
  const back = `/conferences/${conference.id}`
  return (
    <div className={classes.narrow}>
      <PageTitle title={t('conference.editTitle')} />
      <Title order={1} mb="lg">
        {t('conference.editTitle')}
      </Title>
      <ConferenceForm
        initial={planOf(conference, club.time_zone)}
        submit={t('app.save')}
        back={back}
        send={async (body) => {
          await update.mutateAsync(body)
          notifications.show({ color: 'moss', message: t('conference.edited') })
          void navigate(back, { replace: true })
        }}
      />
    </div>
  )
}
