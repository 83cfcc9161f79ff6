import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Post } from '../api/posts'
import cards from '../parts/parts.module.css'
import { formatDay, localZone } from '../time/format'
import classes from './Board.module.css'

/** A post among others: its title, the beginning of what it says, who wrote it and when. */
export function PostRow({ post }: { post: Post }) {
  const { i18n } = useTranslation()
  return (
    <article className={classes.row} data-testid="post-row">
      <Link to={`/board/${post.id}`} className={`${cards.link} ${classes.name}`}>
        {post.title}
      </Link>
      <Text size="sm" mt={2} lineClamp={2}>
        {post.content}
      </Text>
      <Text size="sm" c="dimmed" mt={4}>
        {post.author.nickname} · <time dateTime={post.created_at}>{formatDay(new Date(post.created_at), i18n.language, localZone())}</time>
      </Text>
    </article>
  )
}
