import { Anchor, Button, Text } from '@mantine/core'
import { MessagesSquare } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useNewestPosts } from '../api/posts'
import { Empty } from '../parts/Empty'
import { Listing } from '../parts/Listing'
import { Section } from '../parts/Section'
import { formatDay, localZone } from '../time/format'
import classes from './home.module.css'

/** The newest of the board. */
export function NewPosts() {
  const { t, i18n } = useTranslation()
  const posts = useNewestPosts(5)
  return (
    <Section
      title={t('finder.posts')}
      action={
        <Anchor component={Link} to="/board" fw={600}>
          {t('finder.postsAll')}
        </Anchor>
      }
    >
      <Listing
        list={posts}
        empty={
          <Empty icon={<MessagesSquare />} title={t('finder.postsEmpty')} text={t('finder.postsEmptyText')}>
            <Button component={Link} to="/board" variant="light" mt="xs">
              {t('finder.postsAll')}
            </Button>
          </Empty>
        }
      >
        {(items) => (
          <ul className={classes.posts} data-testid="new-posts">
            {items.map((p) => (
              <li key={p.id} className={classes.post}>
                <Link to={`/board/${p.id}`} className={classes.postLink}>
                  {p.title}
                </Link>
                <Text size="sm" c="dimmed" className={classes.postBy}>
                  {p.author.nickname} · <time dateTime={p.created_at}>{formatDay(new Date(p.created_at), i18n.language, localZone())}</time>
                </Text>
              </li>
            ))}
          </ul>
        )}
      </Listing>
    </Section>
  )
}
