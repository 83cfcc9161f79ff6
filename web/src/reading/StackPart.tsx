import { SegmentedControl, Text } from '@mantine/core'
import { Library } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useReadings, useStack } from '../api/readings'
import { Empty } from '../parts/Empty'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { Section } from '../parts/Section'
import { BookStack } from './BookStack'
import { MonthBars } from './MonthBars'
import { formatMonth, lastDay } from './month'
import classes from './Reading.module.css'
import { useHeight } from './useHeight'

type Scope = 'month' | 'year' | 'all'

/** The growing stack: of the month shown in the calendar, of its year, or of everything ever read. */
export function StackPart({ month, show }: { month: string; show: (month: string) => void }) {
  const { t, i18n } = useTranslation()
  const say = useHeight()
  const [scope, setScope] = useState<Scope>('all')
  const year = month.slice(0, 4)
  const days = { month: { from: `${month}-01`, to: lastDay(month) }, year: { from: `${year}-01-01`, to: `${year}-12-31` }, all: {} }
  const readings = useReadings(days[scope])
  const stack = useStack(Number(year))
  if (readings.isPending || stack.isPending) return <Loading />
  if (readings.isError) return <Failed error={readings.error} retry={() => void readings.refetch()} />
  if (stack.isError) return <Failed error={stack.error} retry={() => void stack.refetch()} />
  const sums = {
    month: stack.data.months[Number(month.slice(5)) - 1] ?? { books: 0, height_mm: 0 },
    year: { books: add(stack.data.months, 'books'), height_mm: add(stack.data.months, 'height_mm') },
    all: stack.data,
  }
  const { books, height_mm } = sums[scope]
  const monthName = new Intl.DateTimeFormat(i18n.language, { month: 'short', timeZone: 'UTC' }).format(new Date(`${month}-15T12:00:00Z`))
  return (
    <Section title={t('reading.stack')}>
      <div className={classes.stackBox}>
        <SegmentedControl
          fullWidth
          aria-label={t('reading.stack')}
          value={scope}
          onChange={(v) => setScope(v === 'month' || v === 'year' ? v : 'all')}
          data={[
            { value: 'month', label: monthName },
            { value: 'year', label: t('reading.stackYear', { year }) },
            { value: 'all', label: t('reading.stackAll') },
          ]}
          data-testid="stack-scope"
        />
        {books === 0 ? (
          <Empty icon={<Library />} title={scope === 'month' ? t('reading.emptyMonth') : t('reading.stackEmpty')} text={t('reading.stackEmptyText')} />
        ) : (
          <>
            <Text ta="center" fw={700} data-testid="stack-sum">
              {t('reading.books', { count: books })} · {say(height_mm)}
            </Text>
            <BookStack readings={readings.data} books={books} height={height_mm} />
          </>
        )}
        <MonthBars year={year} months={stack.data.months} chosen={month} choose={show} label={(m) => formatMonth(m, i18n.language)} />
      </div>
    </Section>
  )
}

function add<K extends string>(items: Record<K, number>[], key: K): number {
  return items.reduce((sum, item) => sum + item[key], 0)
}
