import { ActionIcon, Button, Group, Stack, Text, Title } from '@mantine/core'
import { BookOpen, ChevronLeft, ChevronRight, Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import type { Tagged } from '../api/client'
import type { Reading } from '../api/readings'
import { fetchReading, useReadings } from '../api/readings'
import { ReadingDialog } from '../books/ReadingDialog'
import { Cover } from '../parts/Cover'
import { Empty } from '../parts/Empty'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { Stars } from '../parts/Stars'
import { useTell } from '../parts/useTell'
import { formatCalendarDay, localZone, wallDate } from '../time/format'
import { formatMonth, isMonth, lastDay, shiftMonth } from './month'
import { MonthGrid } from './MonthGrid'
import classes from './Reading.module.css'
import { StackPart } from './StackPart'

/** What one has read: a month with covers on its days, and the stack that grows from them. */
export function ReadingPage() {
  const { t } = useTranslation()
  const tell = useTell()
  const [query, setQuery] = useSearchParams()
  const today = wallDate(new Date(), localZone())
  const asked = query.get('month') ?? ''
  const month = isMonth(asked) ? asked : today.slice(0, 7)
  const show = (m: string) => setQuery(m === today.slice(0, 7) ? {} : { month: m }, { replace: true, preventScrollReset: true })
  const [dialog, setDialog] = useState<{ entry?: Tagged<Reading> }>({})
  const [opened, setOpened] = useState(false)
  const open = (entry: Reading) =>
    void fetchReading(entry.id).then((latest) => {
      setDialog({ entry: latest })
      setOpened(true)
    }, tell.failed)
  const add = () => {
    setDialog({})
    setOpened(true)
  }
  const firstDay = month === today.slice(0, 7) ? today : `${month}-01`
  return (
    <Stack gap="lg">
      <PageTitle title={t('reading.title')} />
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1}>{t('reading.title')}</Title>
          <Text c="dimmed" mt={4}>
            {t('reading.text')}
          </Text>
        </div>
        <Button leftSection={<Plus size={17} aria-hidden />} onClick={add} data-testid="reading-add">
          {t('reading.add')}
        </Button>
      </Group>
      <div className={classes.page}>
        <Month month={month} today={today} show={show} open={open} />
        <StackPart month={month} show={show} />
      </div>
      <ReadingDialog key={dialog.entry?.id ?? `new-${firstDay}-${String(opened)}`} entry={dialog.entry} day={firstDay > today ? today : firstDay} opened={opened} close={() => setOpened(false)} />
    </Stack>
  )
}

interface MonthProps {
  month: string
  today: string
  show: (month: string) => void
  open: (entry: Reading) => void
}

function Month({ month, today, show, open }: MonthProps) {
  const { t, i18n } = useTranslation()
  const readings = useReadings({ from: `${month}-01`, to: lastDay(month) })
  return (
    <section aria-labelledby="month">
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Title order={2} size="h3" id="month" aria-live="polite">
          {formatMonth(month, i18n.language)}
        </Title>
        <Group gap={4} wrap="nowrap">
          {month !== today.slice(0, 7) && (
            <Button variant="subtle" size="compact-md" onClick={() => show(today.slice(0, 7))}>
              {t('reading.today')}
            </Button>
          )}
          <ActionIcon variant="default" size={40} radius="xl" aria-label={t('reading.previous')} onClick={() => show(shiftMonth(month, -1))} data-testid="month-before">
            <ChevronLeft size={20} />
          </ActionIcon>
          <ActionIcon variant="default" size={40} radius="xl" aria-label={t('reading.next')} onClick={() => show(shiftMonth(month, 1))}>
            <ChevronRight size={20} />
          </ActionIcon>
        </Group>
      </Group>
      {readings.isPending && <Loading />}
      {readings.isError && <Failed error={readings.error} retry={() => void readings.refetch()} />}
      {readings.data && (
        <>
          <MonthGrid month={month} today={today} readings={readings.data} open={open} />
          <Entries readings={readings.data} open={open} />
        </>
      )}
    </section>
  )
}

function Entries({ readings, open }: { readings: Reading[]; open: (entry: Reading) => void }) {
  const { t, i18n } = useTranslation()
  if (readings.length === 0)
    return (
      <div style={{ marginTop: '1rem' }}>
        <Empty icon={<BookOpen />} title={t('reading.emptyMonth')} text={t('reading.emptyMonthText')} />
      </div>
    )
  return (
    <ul className={classes.entries} data-testid="reading-list">
      {readings.map((r) => (
        <li key={r.id} className={classes.entry}>
          <Cover book={r.book} size="small" />
          <div style={{ flex: 1, minWidth: 0 }}>
            <Text fw={700} component={Link} to={`/books/${r.book.id}`} className={classes.entryTitle}>
              {r.book.title}
            </Text>
            <Text size="sm" c="dimmed">
              {r.book.author && `${r.book.author} · `}
              <time dateTime={r.read_on}>{formatCalendarDay(r.read_on, i18n.language)}</time>
            </Text>
            {r.rating !== undefined && <Stars value={r.rating} />}
            {r.review && (
              <Text size="sm" mt={2} lineClamp={3}>
                {r.review}
              </Text>
            )}
          </div>
          <ActionIcon variant="subtle" color="gray" size={40} radius="xl" aria-label={t('reading.entryEdit', { title: r.book.title })} onClick={() => open(r)} data-testid="reading-edit">
            <Pencil size={17} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  )
}
