import { Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core'
import { Check, Copy, RefreshCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useCalendarFeed, useResetFeed } from '../api/people'
import pages from '../pages/pages.module.css'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { Section } from '../parts/Section'
import { useConfirm } from '../parts/useConfirm'
import { useTell } from '../parts/useTell'

/** The secret address of one's calendar: to copy, and to change when it got around. */
export function CalendarFeed() {
  const { t } = useTranslation()
  const tell = useTell()
  const feed = useCalendarFeed()
  const reset = useResetFeed()
  const { ask, dialog } = useConfirm()
  const anew = () => reset.mutateAsync(undefined).then(() => tell.done(t('people.calendarWasReset')), tell.failed)
  return (
    <Section title={t('people.calendar')}>
      <Stack className={pages.sheet} gap="sm">
        <Text size="sm">{t('people.calendarText')}</Text>
        {feed.isPending && <Loading />}
        {feed.isError && <Failed error={feed.error} retry={() => void feed.refetch()} />}
        {feed.data && (
          <>
            <TextInput
              label={t('people.calendarAddress')}
              value={new URL(feed.data.url, window.location.origin).href}
              readOnly
              onFocus={(e) => e.currentTarget.select()}
              data-testid="feed-address"
            />
            <Group gap="xs">
              <CopyButton value={new URL(feed.data.url, window.location.origin).href}>
                {({ copied, copy }) => (
                  <Button onClick={copy} leftSection={copied ? <Check size={17} aria-hidden /> : <Copy size={17} aria-hidden />} data-testid="feed-copy">
                    {copied ? t('people.calendarCopied') : t('people.calendarCopy')}
                  </Button>
                )}
              </CopyButton>
              <Button
                variant="subtle"
                color="gray"
                leftSection={<RefreshCw size={17} aria-hidden />}
                loading={reset.isPending}
                onClick={() => ask({ title: t('people.calendarResetConfirm'), text: t('people.calendarResetText'), yes: t('people.calendarReset'), run: anew })}
                data-testid="feed-reset"
              >
                {t('people.calendarReset')}
              </Button>
            </Group>
          </>
        )}
      </Stack>
      {dialog}
    </Section>
  )
}
