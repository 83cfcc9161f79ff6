import { faceColor } from '../parts/face'
import classes from './Thumb.module.css'

/** A club's picture, or its first letter on a cloth of its own colour. Decorative; the title stands beside it. */
export function Thumb({ title, url, size }: { title: string; url: string; size: 'small' | 'card' | 'cover' }) {
  if (url) return <img className={`${classes.thumb} ${classes[size]}`} src={url} alt="" referrerPolicy="no-referrer" loading="lazy" />
  return (
    <span className={`${classes.thumb} ${classes[size]} ${classes.cloth}`} style={{ background: faceColor(title) }} aria-hidden>
      {[...title.trim()][0] ?? ''}
    </span>
  )
}
