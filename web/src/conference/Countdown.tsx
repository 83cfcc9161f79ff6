import { useTranslation } from 'react-i18next'
import { timeLeft } from '../time/left'
import { useNow } from '../time/useNow'
import classes from './Conference.module.css'

/** The time until `at`, second by second. Read out once, in whole sentences; ticking is for eyes. */
export function Countdown({ at, said }: { at: Date; said: string }) {
  const { t } = useTranslation()
  const left = timeLeft(useNow(1000), at)
  const cells = [
    { name: t('meet.days'), value: left.days },
    { name: t('meet.hours'), value: left.hours },
    { name: t('meet.minutes'), value: left.minutes },
    { name: t('meet.seconds'), value: left.seconds },
  ].filter((cell, i) => i > 0 || cell.value > 0)
  return (
    <div className={classes.countdown} role="timer" aria-label={`${t('meet.untilStart')}: ${said}`} data-testid="countdown">
      <span className={classes.until} aria-hidden>
        {t('meet.untilStart')}
      </span>
      <span className={classes.cells} aria-hidden>
        {cells.map((c) => (
          <span key={c.name} className={classes.cell}>
            <b>{String(c.value).padStart(2, '0')}</b>
            {c.name}
          </span>
        ))}
      </span>
    </div>
  )
}
