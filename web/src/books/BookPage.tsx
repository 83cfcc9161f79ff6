import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { BookCheck, Pencil, PenLine, UsersRound } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Book } from '../api/books'
import { useBook, useReviews } from '../api/books'
import { useClubs } from '../api/clubs'
import { useMe } from '../api/session'
import { NotFoundPage } from '../pages/NotFoundPage'
import pages from '../pages/pages.module.css'
import { usePathId } from '../pages/usePathId'
import { ClubCard } from '../parts/ClubCard'
import { Cover } from '../parts/Cover'
import { Empty } from '../parts/Empty'
import { Failed } from '../parts/Failed'
import { Listing } from '../parts/Listing'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import cards from '../parts/parts.module.css'
import { PersonLine } from '../parts/People'
import { Section } from '../parts/Section'
import { Stars } from '../parts/Stars'
import { formatCalendarDay } from '../time/format'
import classes from './Books.module.css'
import { ReadingDialog } from './ReadingDialog'

export function BookPage() {
  const id = usePathId()
  const book = useBook(id)
  if (Number.isNaN(id)) return <NotFoundPage />
  if (book.isPending) return <Loading full />
  if (book.isError) return <Failed error={book.error} retry={() => void book.refetch()} />
  return <BookView book={book.data} />
}

function BookView({ book }: { book: Book }) {
  return (
    <Stack gap={36}>
      <PageTitle title={book.title} />
      <Head book={book} />
      <div className={pages.columns}>
        <Reviews bookId={book.id} />
        <Readers bookId={book.id} />
      </div>
    </Stack>
  )
}

function Head({ book }: { book: Book }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const [reading, setReading] = useState(false)
  return (
    <div className={pages.cover}>
      <div className={classes.head}>
        <Cover book={book} size="large" />
        <div style={{ minWidth: 0 }}>
          <Badge variant="default" mb={8}>
            {t(`finder.categories.${book.category}`)}
          </Badge>
          <Title order={1}>{book.title}</Title>
          {book.author && (
            <Text size="lg" mt={4}>
              {book.author}
            </Text>
          )}
          <div className={classes.facts}>
            {book.rating === undefined ? (
              <span>{t('books.ratingNone')}</span>
            ) : (
              <span data-testid="book-rating">
                <Stars value={book.rating} size={18} /> {book.rating} · {t('books.ratingCount', { count: book.rating_count })}
              </span>
            )}
            {book.pub_date && (
              <span>
                {t('books.pubDate')} <time dateTime={book.pub_date}>{formatCalendarDay(book.pub_date, i18n.language)}</time>
              </span>
            )}
            {book.pages !== undefined && <span>{t('books.pagesValue', { count: book.pages })}</span>}
          </div>
          <Group mt="lg" gap="sm">
            {me.data && (
              <Button leftSection={<BookCheck size={18} aria-hidden />} onClick={() => setReading(true)} data-testid="book-read">
                {t('books.read')}
              </Button>
            )}
            {me.data === null && (
              <Button component={Link} to={`/sign-in?next=/books/${book.id}`}>
                {t('books.signInToRead')}
              </Button>
            )}
            {book.editable && (
              <Button component={Link} to={`/books/${book.id}/edit`} variant="default" leftSection={<Pencil size={16} aria-hidden />} data-testid="book-edit">
                {t('app.edit')}
              </Button>
            )}
          </Group>
        </div>
      </div>
      <ReadingDialog book={book} opened={reading} close={() => setReading(false)} />
    </div>
  )
}

function Reviews({ bookId }: { bookId: number }) {
  const { t, i18n } = useTranslation()
  const reviews = useReviews(bookId)
  return (
    <Section title={t('books.reviews')}>
      <Listing list={reviews} empty={<Empty icon={<PenLine />} title={t('books.reviewsEmpty')} text={t('books.reviewsEmptyText')} />}>
        {(items) => (
          <ul className={classes.reviews} data-testid="review-list">
            {items.map((r) => (
              <li key={r.id} className={classes.review}>
                <Group justify="space-between" wrap="nowrap" mb={8}>
                  <PersonLine person={r.reader} below={formatCalendarDay(r.read_on, i18n.language)} />
                  {r.rating !== undefined && <Stars value={r.rating} />}
                </Group>
                <Text className={cards.prose}>{r.review}</Text>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Section>
  )
}

function Readers({ bookId }: { bookId: number }) {
  const { t } = useTranslation()
  const clubs = useClubs({ book_id: bookId })
  return (
    <Section title={t('books.clubs')}>
      <Listing
        list={clubs}
        empty={
          <Empty icon={<UsersRound />} title={t('books.clubsEmpty')} text={t('books.clubsEmptyText')}>
            <Button component={Link} to="/clubs/new" variant="light" mt="xs">
              {t('home.create')}
            </Button>
          </Empty>
        }
      >
        {(items) => (
          <Stack gap="md">
            {items.map((c) => (
              <ClubCard key={c.id} club={c} />
            ))}
          </Stack>
        )}
      </Listing>
    </Section>
  )
}
