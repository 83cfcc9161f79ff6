import { Anchor, Stack, Text, Title } from '@mantine/core'
import { Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import type { Schemas } from '../api/client'
import { useSearch } from '../api/search'
import { PostRow } from '../board/PostRow'
import board from '../board/Board.module.css'
import { BookCard } from '../books/BookCard'
import books from '../books/Books.module.css'
import { FoundNotes } from '../history/FoundNotes'
import { ClubCard } from '../parts/ClubCard'
import { Empty } from '../parts/Empty'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import cards from '../parts/parts.module.css'
import { SearchBox } from '../parts/SearchBox'
import { Section } from '../parts/Section'

/** Everything that holds the words: clubs, books, posts, and the minutes of one's clubs. */
export function SearchPage() {
  const { t } = useTranslation()
  const [query, setQuery] = useSearchParams()
  const words = (query.get('q') ?? '').slice(0, 100)
  const found = useSearch(words)
  return (
    <Stack gap="xl">
      <PageTitle title={t('meet.search')} />
      <Title order={1}>{t('meet.search')}</Title>
      <SearchBox key={words} label={t('meet.search')} placeholder={t('meet.searchPlaceholder')} go={t('meet.searchGo')} words={words} search={(q) => setQuery(q ? { q } : {})} />
      {words === '' && <Empty icon={<Search />} title={t('meet.searchStart')} text={t('meet.searchStartText')} />}
      {words !== '' && found.isPending && <Loading />}
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {words !== '' && found.data && <Results words={words} found={found.data} />}
    </Stack>
  )
}

function Results({ words, found }: { words: string; found: Schemas['Found'] }) {
  const { t } = useTranslation()
  const { clubs, books: shelf, posts, notes } = found
  const q = encodeURIComponent(words)
  if (clubs.length + shelf.length + posts.length + notes.length === 0)
    return <Empty icon={<Search />} title={t('meet.searchNothing', { words })} text={t('meet.searchNothingText')} />
  return (
    <Stack gap={36} aria-live="polite" data-testid="search-results">
      <Text c="dimmed">{t('meet.searchResults', { words })}</Text>
      {clubs.length > 0 && (
        <Section title={t('meet.searchClubs')} action={<More to={`/clubs?q=${q}`} kind={t('meet.searchClubs')} />}>
          <List name={cards.grid} items={clubs.map((c) => [c.id, <ClubCard key={c.id} club={c} />])} />
        </Section>
      )}
      {shelf.length > 0 && (
        <Section title={t('meet.searchBooks')} action={<More to={`/books?q=${q}`} kind={t('meet.searchBooks')} />}>
          <List name={books.shelf} items={shelf.map((b) => [b.id, <BookCard key={b.id} book={b} />])} />
        </Section>
      )}
      {posts.length > 0 && (
        <Section title={t('meet.searchPosts')} action={<More to={`/board?q=${q}`} kind={t('meet.searchPosts')} />}>
          <List name={board.list} items={posts.map((p) => [p.id, <PostRow key={p.id} post={p} />])} />
        </Section>
      )}
      {notes.length > 0 && (
        <Section title={t('meet.searchNotes')}>
          <FoundNotes notes={notes} />
        </Section>
      )}
    </Stack>
  )
}

function More({ to, kind }: { to: string; kind: string }) {
  const { t } = useTranslation()
  return (
    <Anchor component={Link} to={to} fw={600} aria-label={`${t('meet.searchAll')}: ${kind}`}>
      {t('meet.searchAll')}
    </Anchor>
  )
}

function List({ name, items }: { name: string | undefined; items: [number, ReactNode][] }) {
  return (
    <ul className={name}>
      {items.map(([id, item]) => (
        <li key={id}>{item}</li>
      ))}
    </ul>
  )
}
