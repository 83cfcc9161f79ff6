import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Schemas } from '../api/client'
import { Cover } from '../parts/Cover'
import { Section } from '../parts/Section'
import classes from './Conference.module.css'

/** The book a conference is about. */
export function BookPart({ book }: { book: Schemas['BookName'] }) {
  const { t } = useTranslation()
  return (
    <Section title={t('meet.book')}>
      <div className={classes.book}>
        <Cover book={book} size="small" />
        <div style={{ minWidth: 0 }}>
          <Text fw={700} component={Link} to={`/books/${book.id}`} className={classes.bookTitle}>
            {book.title}
          </Text>
          <Text size="sm" c="dimmed">
            {book.author}
          </Text>
        </div>
      </div>
    </Section>
  )
}
