import { Star } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import classes from './Stars.module.css'

/** A rating from 1 to 5 as stars, to the half. */
export function Stars({ value, size = 16 }: { value: number; size?: number }) {
  const { t } = useTranslation()
  const row = (filled: boolean) => Array.from({ length: 5 }, (_, i) => <Star key={i} size={size} fill={filled ? 'currentColor' : 'none'} aria-hidden />)
  return (
    <span className={classes.stars} role="img" aria-label={t('books.rating', { value })}>
      <span className={classes.empty}>{row(false)}</span>
      <span className={classes.full} style={{ width: `${(Math.round(value * 2) / 10) * 100}%` }}>
        {row(true)}
      </span>
    </span>
  )
}
