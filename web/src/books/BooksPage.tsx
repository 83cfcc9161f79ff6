import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { BookOpen, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import type { BookFilters } from '../api/books'
import { useBooks } from '../api/books'
import { useMe } from '../api/session'
import { categories, CategorySelect } from '../parts/CategorySelect'
import { Empty } from '../parts/Empty'
import { Listing } from '../parts/Listing'
import { PageTitle } from '../parts/PageTitle'
import { SearchBox } from '../parts/SearchBox'
import { BookCard } from './BookCard'
import classes from './Books.module.css'

/** All books, to find by words and kind. */
export function BooksPage() {
  const { t } = useTranslation()
  const me = useMe()
  const [query, setQuery] = useSearchParams()
  const words = query.get('q') ?? ''
  const category = categories.find((c) => c === query.get('category'))
  const filters: BookFilters = { ...(words ? { q: words } : {}), ...(category ? { category } : {}) }
  const books = useBooks(filters)
  const change = (next: { q?: string | undefined; category?: string | undefined }) =>
    setQuery(Object.fromEntries(Object.entries({ q: words, category, ...next }).filter((e): e is [string, string] => Boolean(e[1]))), { replace: true })
  const filtered = words !== '' || category !== undefined
  const add = me.data ? '/books/new' : '/sign-in?next=/books/new'
  return (
    <Stack gap="lg">
      <PageTitle title={t('books.title')} />
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1}>{t('books.title')}</Title>
          <Text c="dimmed" mt={4}>
            {t('books.text')}
          </Text>
        </div>
        <Button component={Link} to={add} leftSection={<Plus size={17} aria-hidden />} data-testid="book-add">
          {t('books.add')}
        </Button>
      </Group>
      <SearchBox key={words} label={t('books.search')} placeholder={t('books.placeholder')} go={t('finder.go')} words={words} search={(q) => change({ q })}>
        <div className={classes.category}>
          <CategorySelect label={t('books.category')} any={t('books.anyCategory')} value={category} onChange={(c) => change({ category: c })} />
        </div>
      </SearchBox>
      <section aria-label={t('books.list')}>
        <Listing
          list={books}
          empty={
            <Empty icon={<BookOpen />} title={filtered ? t('books.nothing') : t('books.empty')} text={filtered ? t('books.nothingText') : t('books.emptyText')}>
              <Button component={Link} to={add} variant="light" mt="xs">
                {t('books.add')}
              </Button>
            </Empty>
          }
        >
          {(items) => (
            <ul className={classes.shelf} data-testid="book-list">
              {items.map((b) => (
                <li key={b.id}>
                  <BookCard book={b} />
                </li>
              ))}
            </ul>
          )}
        </Listing>
      </section>
    </Stack>
  )
}
