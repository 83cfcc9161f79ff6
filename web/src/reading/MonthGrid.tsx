import { UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Reading } from '../api/readings'
import { Cover } from '../parts/Cover'
import type { FirstWeekday } from './month'
import { formatMonth, weekdayNames, weeksOf } from './month'
import classes from './Reading.module.css'

export interface MonthGridProps {
  month: string
  today: string
  readings: Reading[]
  open: (entry: Reading) => void
}

/** A month on the wall: on the day a book was finished lies its cover. */
export function MonthGrid({ month, today, readings, open }: MonthGridProps) {
  const { i18n } = useTranslation()
  const first: FirstWeekday = i18n.language === 'ko' ? 0 : 1
  const long = weekdayNames(i18n.language, first, 'long')
  return (
    <table className={classes.month} aria-label={formatMonth(month, i18n.language)} data-testid="month">
      <thead>
        <tr>
          {weekdayNames(i18n.language, first, 'short').map((name, i) => (
            <th key={name} scope="col" abbr={long[i]}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month, first).map((week, i) => (
          <tr key={i}>
            {week.map((day, k) => (
              <td key={k} className={day === today ? classes.today : undefined}>
                {day && <Day day={day} readings={readings.filter((r) => r.read_on === day)} open={open} />}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Day({ day, readings, open }: { day: string; readings: Reading[]; open: (entry: Reading) => void }) {
  const { t } = useTranslation()
  const [first, ...more] = readings
  return (
    <div className={classes.day}>
      <time dateTime={day} className={classes.dayNumber}>
        {Number(day.slice(-2))}
      </time>
      {first && (
        <UnstyledButton className={classes.dayBook} aria-label={t('reading.entryEdit', { title: first.book.title })} onClick={() => open(first)} data-testid="day-book">
          <Cover book={first.book} size="day" />
        </UnstyledButton>
      )}
      {more.length > 0 && <span className={classes.dayMore}>{t('reading.dayMore', { count: more.length })}</span>}
    </div>
  )
}
