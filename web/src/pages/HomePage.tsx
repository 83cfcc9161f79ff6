import { Button, Stack, Text, Title } from '@mantine/core'
import { BookOpen, CalendarHeart, NotebookPen, Plus, Search, UsersRound, Video } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Club } from '../api/client'
import { useClubs, useMe, useMyClubs, useMyConferences } from '../api/queries'
import { ClubCard } from '../parts/ClubCard'
import { ConferenceCard } from '../parts/ConferenceCard'
import { Empty } from '../parts/Empty'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import cards from '../parts/parts.module.css'
import { Section } from '../parts/Section'
import classes from './pages.module.css'

/** What is next for a member; what this house is for a visitor. */
export function HomePage() {
  const { t } = useTranslation()
  const me = useMe()
  if (me.isPending) return <Loading full />
  if (me.isError) return <Failed error={me.error} retry={() => void me.refetch()} />
  return (
    <Stack gap={44}>
      <PageTitle title={t('home.title')} />
      {me.data ? (
        <>
          <div>
            <Title order={1}>{t('home.greeting', { name: me.data.nickname })}</Title>
            <Text c="dimmed" mt={4}>
              {t('home.greetingText')}
            </Text>
          </div>
          <NextConferences />
          <MyClubs />
        </>
      ) : (
        <Hero />
      )}
      <FindClubs />
    </Stack>
  )
}

function Hero() {
  const { t } = useTranslation()
  const features = [
    { icon: <Video size={20} />, title: t('home.featureMeet'), text: t('home.featureMeetText') },
    { icon: <NotebookPen size={20} />, title: t('home.featureNotes'), text: t('home.featureNotesText') },
    { icon: <UsersRound size={20} />, title: t('home.featureSmall'), text: t('home.featureSmallText') },
  ]
  return (
    <>
      <div className={classes.hero}>
        <Title order={1} className={classes.heroTitle}>
          {t('home.heroTitle')}
        </Title>
        <Text className={classes.heroText}>{t('home.heroText')}</Text>
        <Button component={Link} to="/sign-up" size="md" mt="xl" variant="white" c="#8a3923">
          {t('home.heroStart')}
        </Button>
      </div>
      <div className={classes.features}>
        {features.map((f) => (
          <div key={f.title} className={classes.feature}>
            <span className={classes.featureIcon} aria-hidden>
              {f.icon}
            </span>
            <div>
              <Text fw={700}>{f.title}</Text>
              <Text size="sm" c="dimmed">
                {f.text}
              </Text>
            </div>
          </div>
        ))}
      </div>
    </>
  )
}

function NextConferences() {
  const { t } = useTranslation()
  const next = useMyConferences()
  return (
    <Section title={t('home.next')}>
      {next.isPending && <Loading />}
      {next.isError && <Failed error={next.error} retry={() => void next.refetch()} />}
      {next.data?.items.length === 0 && (
        <Empty icon={<CalendarHeart />} title={t('home.nextEmpty')} text={t('home.nextEmptyText')} />
      )}
      <ul className={cards.grid}>
        {next.data?.items.map((c) => (
          <li key={c.id}>
            <ConferenceCard conference={c} clubName />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function ClubList({ clubs }: { clubs: Club[] }) {
  return (
    <ul className={cards.grid}>
      {clubs.map((club) => (
        <li key={club.id}>
          <ClubCard club={club} />
        </li>
      ))}
    </ul>
  )
}

function MyClubs() {
  const { t } = useTranslation()
  const mine = useMyClubs()
  return (
    <Section
      title={t('home.mine')}
      action={
        <Button component={Link} to="/clubs/new" variant="light" leftSection={<Plus size={17} aria-hidden />} data-testid="create-club">
          {t('home.create')}
        </Button>
      }
    >
      {mine.isPending && <Loading />}
      {mine.isError && <Failed error={mine.error} retry={() => void mine.refetch()} />}
      {mine.data?.items.length === 0 && <Empty icon={<BookOpen />} title={t('home.mineEmpty')} text={t('home.mineEmptyText')} />}
      {mine.data && <ClubList clubs={mine.data.items} />}
    </Section>
  )
}

function FindClubs() {
  const { t } = useTranslation()
  const all = useClubs()
  const everything = all.data?.pages.flatMap((p) => p.items) ?? []
  const others = everything.filter((c) => c.role === 'none')
  return (
    <Section title={t('home.find')}>
      {all.isPending && <Loading />}
      {all.isError && <Failed error={all.error} retry={() => void all.refetch()} />}
      {all.isSuccess && others.length === 0 && !all.hasNextPage && (
        <Empty
          icon={<Search />}
          title={everything.length ? t('home.findAllMine') : t('home.findEmpty')}
          text={everything.length ? t('home.findAllMineText') : t('home.findEmptyText')}
        />
      )}
      <ClubList clubs={others} />
      {all.hasNextPage && (
        <Button mt="md" variant="default" loading={all.isFetchingNextPage} onClick={() => void all.fetchNextPage()}>
          {t('app.more')}
        </Button>
      )}
    </Section>
  )
}
