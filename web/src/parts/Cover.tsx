import classes from './Cover.module.css'
import { faceColor } from './face'

export interface CoverProps {
  book: { title: string; author?: string; book_img: string }
  size: 'day' | 'small' | 'card' | 'large'
}

/** A book's cover, or a cloth of its own colour with the title on it. Decorative; the title stands beside it. */
export function Cover({ book, size }: CoverProps) {
  const name = `${classes.cover} ${classes[size]}`
  if (book.book_img) return <img className={name} src={book.book_img} alt="" referrerPolicy="no-referrer" loading="lazy" />
  return (
    <span className={`${name} ${classes.cloth}`} style={{ backgroundColor: faceColor(book.title) }} aria-hidden>
      <span className={classes.title}>{book.title}</span>
      {size === 'large' && <span className={classes.author}>{book.author}</span>}
    </span>
  )
}
