import { Badge, Button, Group, Text, Title } from '@mantine/core'
import { Zap } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Conference } from '../api/client'
import { useLightning } from '../api/conferences'
import { Empty } from '../parts/Empty'
import { Listing } from '../parts/Listing'
import cards from '../parts/parts.module.css'
import { Section } from '../parts/Section'
import { LightningForm } from './LightningForm'

/** Meetings that are on right now and open to anyone, and a way to start one. */
export function Lightning({ signedIn }: { signedIn: boolean }) {
  const { t } = useTranslation()
  const list = useLightning()
  const [starting, setStarting] = useState(false)
  const start = signedIn ? (
    <Button variant="light" leftSection={<Zap size={17} aria-hidden />} onClick={() => setStarting(true)} data-testid="lightning-start">
      {t('finder.lightningStart')}
    </Button>
  ) : (
    <Button component={Link} to="/sign-in?next=/" variant="light" leftSection={<Zap size={17} aria-hidden />}>
      {t('finder.lightningStart')}
    </Button>
  )
  return (
    <Section title={t('finder.lightning')} action={start}>
      <Text size="sm" c="dimmed" mt={-6} mb="sm">
        {t('finder.lightningText')}
      </Text>
      <Listing list={list} empty={<Empty icon={<Zap />} title={t('finder.lightningEmpty')} text={t('finder.lightningEmptyText')} />}>
        {(items) => (
          <ul className={cards.grid} data-testid="lightning-list">
            {items.map((c) => (
              <li key={c.id}>
                <LightningCard conference={c} />
              </li>
            ))}
          </ul>
        )}
      </Listing>
      {signedIn && <LightningForm opened={starting} close={() => setStarting(false)} />}
    </Section>
  )
}

function LightningCard({ conference: c }: { conference: Conference }) {
  const { t } = useTranslation()
  const free = (c.max_user ?? 0) - (c.taken ?? 0)
  return (
    <article className={`${cards.card} ${cards.linked}`}>
      <Group gap={6}>
        <Badge color="moss" variant="filled" leftSection={<Zap size={12} aria-hidden />} tt="none">
          {t('conference.status.live')}
        </Badge>
        <Badge variant="light" color="moss" tt="none">
          {t('finder.lightningFree', { count: free })}
        </Badge>
      </Group>
      <Title order={3} size="h5" lineClamp={2}>
        <Link to={`/conferences/${c.id}/meeting`} className={cards.link}>
          {c.title}
        </Link>
      </Title>
      <Text size="sm" c="dimmed">
        {[t('finder.lightningPresent', { count: c.present }), c.book?.title].filter(Boolean).join(' · ')}
      </Text>
    </article>
  )
}
