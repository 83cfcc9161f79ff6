import { Button, Stack, Text, Title } from '@mantine/core'
import { BookOpen, CalendarHeart, NotebookPen, Plus, UsersRound, Video } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMyClubs } from '../api/clubs'
import { useMyConferences } from '../api/conferences'
import { useMe } from '../api/session'
import { ClubFinder } from '../clubs/ClubFinder'
import classes from '../pages/pages.module.css'
import { ClubCard } from '../parts/ClubCard'
import { ConferenceCard } from '../parts/ConferenceCard'
import { Empty } from '../parts/Empty'
import { Failed } from '../parts/Failed'
import { Listing } from '../parts/Listing'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import cards from '../parts/parts.module.css'
import { Section } from '../parts/Section'
import { Lightning } from './Lightning'
import { NewPosts } from './NewPosts'

/** What is next for a member; what this house is for a visitor; and for both, whom to meet. */
export function HomePage() {
  const { t } = useTranslation()
  const me = useMe()
  if (me.isPending) return <Loading full />
  if (me.isError) return <Failed error={me.error} retry={() => void me.refetch()} />
  const signedIn = me.data !== null
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
      <Lightning signedIn={signedIn} />
      <Section title={t('home.find')}>
        <ClubFinder signedIn={signedIn} />
      </Section>
      <NewPosts />
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
      <Listing list={next} first={6} empty={<Empty icon={<CalendarHeart />} title={t('home.nextEmpty')} text={t('home.nextEmptyText')} />}>
        {(items) => (
          <ul className={cards.grid}>
            {items.map((c) => (
              <li key={c.id}>
                <ConferenceCard conference={c} clubName />
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Section>
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
      <Listing list={mine} empty={<Empty icon={<BookOpen />} title={t('home.mineEmpty')} text={t('home.mineEmptyText')} />}>
        {(items) => (
          <ul className={cards.grid}>
            {items.map((club) => (
              <li key={club.id}>
                <ClubCard club={club} />
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Section>
  )
}
