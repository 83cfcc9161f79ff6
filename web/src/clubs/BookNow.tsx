import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Schemas } from '../api/client'
import { faceColor } from '../parts/face'
import { Section } from '../parts/Section'
import classes from './Wall.module.css'

/** The book the club reads at present. */
export function BookNow({ book }: { book: Schemas['BookName'] }) {
  const { t } = useTranslation()
  return (
    <Section title={t('club.book')}>
      <Group wrap="nowrap" gap="md">
        {book.book_img ? (
          <img className={classes.book} src={book.book_img} alt="" referrerPolicy="no-referrer" loading="lazy" />
        ) : (
          <span className={classes.book} style={{ background: faceColor(book.title) }} aria-hidden />
        )}
        <div style={{ minWidth: 0 }}>
          <Text fw={700} component={Link} to={`/books/${book.id}`} className={classes.bookLink}>
            {book.title}
          </Text>
          <Text size="sm" c="dimmed">
            {book.author}
          </Text>
        </div>
      </Group>
    </Section>
  )
}
