import { Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import classes from './Reading.module.css'
import { useHeight } from './useHeight'

export interface MonthBarsProps {
  year: string
  months: Schemas['StackMonth'][]
  chosen: string
  choose: (month: string) => void
  label: (month: string) => string
}

/** The stack of each month of a year, side by side; a press shows that month. */
export function MonthBars({ year, months, chosen, choose, label }: MonthBarsProps) {
  const { t } = useTranslation()
  const say = useHeight()
  const top = Math.max(...months.map((m) => m.height_mm), 1)
  return (
    <div>
      <Text size="sm" fw={600} mb={6}>
        {t('reading.byMonth')}
      </Text>
      <div className={classes.bars}>
        {months.map((m) => {
          const month = `${year}-${String(m.month).padStart(2, '0')}`
          return (
            <UnstyledButton
              key={month}
              className={classes.bar}
              aria-pressed={month === chosen}
              pos="relative"
              onClick={() => choose(month)}
            >
              <VisuallyHidden>{t('reading.monthBar', { month: label(month), count: m.books, height: say(m.height_mm) })}</VisuallyHidden>
              <span className={classes.column} aria-hidden>
                <span style={{ height: `${(m.height_mm / top) * 100}%` }} />
              </span>
              <span aria-hidden>{m.month}</span>
            </UnstyledButton>
          )
        })}
      </div>
    </div>
  )
}
