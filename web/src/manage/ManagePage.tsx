import { Anchor, Stack, Title } from '@mantine/core'
import { ChevronLeft, Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, NavLink, useParams } from 'react-router'
import type { Club, Tagged } from '../api/client'
import { useClub } from '../api/clubs'
import { NotFoundPage } from '../pages/NotFoundPage'
import { usePathId } from '../pages/usePathId'
import { Empty } from '../parts/Empty'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { About } from './About'
import { AuditLog } from './AuditLog'
import { Endings } from './Endings'
import classes from './Manage.module.css'
import { Members } from './Members'
import { Notices } from './Notices'
import { Reports } from './Reports'
import { RulesPart } from './RulesPart'
import { SchedulePart } from './SchedulePart'

const parts = ['about', 'schedule', 'notices', 'rules', 'members', 'reports', 'log', 'end'] as const
type Part = (typeof parts)[number]

/** The owner's side of a club, in parts that have addresses of their own. */
export function ManagePage() {
  const id = usePathId()
  const club = useClub(id)
  const { part = 'about' } = useParams()
  const known = parts.find((p) => p === part)
  if (Number.isNaN(id) || !known) return <NotFoundPage />
  if (club.isPending) return <Loading full />
  if (club.isError) return <Failed error={club.error} retry={() => void club.refetch()} />
  return <Manage club={club.data} part={known} />
}

function Manage({ club, part }: { club: Tagged<Club>; part: Part }) {
  const { t } = useTranslation()
  const base = `/clubs/${club.id}/manage`
  return (
    <Stack gap="lg">
      <PageTitle title={`${t('manage.title')} · ${club.title}`} />
      <div>
        <Anchor component={Link} to={`/clubs/${club.id}`} className={classes.back}>
          <ChevronLeft size={18} aria-hidden />
          <span>{club.title}</span>
        </Anchor>
        <Title order={1}>{t('manage.title')}</Title>
      </div>
      {club.role === 'owner' ? (
        <div className={classes.frame}>
          <nav aria-label={t('manage.sections')} className={classes.parts}>
            {parts.map((p) => (
              <NavLink key={p} to={p === 'about' ? base : `${base}/${p}`} end className={classes.part} data-testid={`manage-${p}`}>
                {t(`manage.parts.${p}`)}
              </NavLink>
            ))}
          </nav>
          <div className={classes.content}>
            <PartOf club={club} part={part} />
          </div>
        </div>
      ) : (
        <Empty icon={<Lock />} title={t('manage.ownersOnly')} text={t('manage.ownersOnlyText')}>
          <Anchor component={Link} to={`/clubs/${club.id}`} mt="xs">
            {t('manage.back')}
          </Anchor>
        </Empty>
      )}
    </Stack>
  )
}

function PartOf({ club, part }: { club: Tagged<Club>; part: Part }): ReactNode {
  switch (part) {
    case 'about':
      return <About club={club} />
    case 'schedule':
      return <SchedulePart club={club} />
    case 'notices':
      return <Notices clubId={club.id} />
    case 'rules':
      return <RulesPart clubId={club.id} />
    case 'members':
      return <Members club={club} />
    case 'reports':
      return <Reports />
    case 'log':
      return <AuditLog clubId={club.id} />
    case 'end':
      return <Endings club={club} />
  }
}
