import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { MessagesSquare, PenLine } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { usePosts } from '../api/posts'
import { useMe } from '../api/session'
import { Empty } from '../parts/Empty'
import { Listing } from '../parts/Listing'
import { PageTitle } from '../parts/PageTitle'
import { SearchBox } from '../parts/SearchBox'
import classes from './Board.module.css'
import { PostRow } from './PostRow'

export function BoardPage() {
  const { t } = useTranslation()
  const me = useMe()
  const [query, setQuery] = useSearchParams()
  const words = query.get('q') ?? ''
  const posts = usePosts(words)
  const write = (
    <Button component={Link} to={me.data ? '/board/new' : '/sign-in?next=/board/new'} leftSection={<PenLine size={17} aria-hidden />} data-testid="post-write">
      {me.data === null ? t('board.signInToWrite') : t('board.write')}
    </Button>
  )
  return (
    <Stack gap="lg">
      <PageTitle title={t('board.title')} />
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1}>{t('board.title')}</Title>
          <Text c="dimmed" mt={4}>
            {t('board.text')}
          </Text>
        </div>
        {write}
      </Group>
      <SearchBox key={words} label={t('board.search')} placeholder={t('board.placeholder')} go={t('finder.go')} words={words} search={(q) => setQuery(q ? { q } : {}, { replace: true })} />
      <section aria-label={t('board.list')}>
        <Listing
          list={posts}
          empty={<Empty icon={<MessagesSquare />} title={words ? t('board.nothing') : t('board.empty')} text={words ? t('board.nothingText') : t('board.emptyText')} />}
        >
          {(items) => (
            <ul className={classes.list} data-testid="post-list">
              {items.map((p) => (
                <li key={p.id}>
                  <PostRow post={p} />
                </li>
              ))}
            </ul>
          )}
        </Listing>
      </section>
    </Stack>
  )
}
