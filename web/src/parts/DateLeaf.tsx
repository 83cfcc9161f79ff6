import { useTranslation } from 'react-i18next'
import { localZone } from '../time/format'
import classes from './DateLeaf.module.css'

/** A leaf of a tear-off calendar. Decorative: the date is written out beside it. */
export function DateLeaf({ at, zone = localZone() }: { at: Date; zone?: string }) {
  const { i18n } = useTranslation()
  const part = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(i18n.language, { ...options, timeZone: zone }).format(at)
  return (
    <span className={classes.leaf} aria-hidden>
      <span className={classes.month}>{part({ month: 'short' })}</span>
      <span className={classes.day}>{part({ day: 'numeric' }).replace('일', '')}</span>
    </span>
  )
}
