import { Text } from '@mantine/core'
import { Link } from 'react-router'
import type { Book } from '../api/books'
import { Cover } from '../parts/Cover'
import cards from '../parts/parts.module.css'
import { Stars } from '../parts/Stars'
import classes from './Books.module.css'

/** A book standing on a shelf of many. */
export function BookCard({ book }: { book: Book }) {
  return (
    <article className={classes.card} data-testid="book-card">
      <Cover book={book} size="card" />
      <div>
        <Link to={`/books/${book.id}`} className={`${cards.link} ${classes.name}`}>
          {book.title}
        </Link>
        <Text size="sm" c="dimmed" lineClamp={1}>
          {book.author}
        </Text>
        {book.rating !== undefined && (
          <Text size="sm" c="dimmed">
            <Stars value={book.rating} size={14} /> {book.rating}
          </Text>
        )}
      </div>
    </article>
  )
}
