import { Anchor, Button, Group, Stack, Text, Title } from '@mantine/core'
import { ArrowLeft, Flag, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { Post } from '../api/posts'
import { useDeletePost, usePost } from '../api/posts'
import { useMe } from '../api/session'
import { NotFoundPage } from '../pages/NotFoundPage'
import pages from '../pages/pages.module.css'
import { usePathId } from '../pages/usePathId'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import cards from '../parts/parts.module.css'
import { PersonLine } from '../parts/People'
import { useConfirm } from '../parts/useConfirm'
import { useTell } from '../parts/useTell'
import { ReportForm } from '../people/ReportForm'
import { formatDay, formatTime, localZone } from '../time/format'
import classes from './Board.module.css'

export function PostPage() {
  const id = usePathId()
  const post = usePost(id)
  if (Number.isNaN(id)) return <NotFoundPage />
  if (post.isPending) return <Loading full />
  if (post.isError) return <Failed error={post.error} retry={() => void post.refetch()} />
  return <PostView post={post.data} />
}

function PostView({ post }: { post: Post }) {
  const { t, i18n } = useTranslation()
  const when = (at: string) => `${formatDay(new Date(at), i18n.language, localZone())} ${formatTime(new Date(at), i18n.language, localZone())}`
  const below = post.updated_at === post.created_at ? when(post.created_at) : `${when(post.created_at)} · ${t('board.changedAt', { date: when(post.updated_at) })}`
  return (
    <Stack gap="md" className={classes.article}>
      <PageTitle title={post.title} />
      <Anchor component={Link} to="/board" size="sm" fw={600}>
        <Group gap={6} component="span">
          <ArrowLeft size={16} aria-hidden />
          {t('board.back')}
        </Group>
      </Anchor>
      <article className={pages.cover}>
        <Title order={1} size="h2">
          {post.title}
        </Title>
        <Group mt="md" mb="lg">
          <PersonLine person={post.author} below={below} />
        </Group>
        <Text className={cards.prose} data-testid="post-content">
          {post.content}
        </Text>
        <Actions post={post} />
      </article>
    </Stack>
  )
}

function Actions({ post }: { post: Post }) {
  const { t } = useTranslation()
  const me = useMe()
  const tell = useTell()
  const navigate = useNavigate()
  const remove = useDeletePost(post.id)
  const { ask, dialog } = useConfirm()
  const [reporting, setReporting] = useState(false)
  if (!me.data) return null
  const mine = me.data.id === post.author.id
  const run = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        tell.done(t('board.deleted'))
        void navigate('/board', { replace: true })
      },
      onError: tell.failed,
    })
  return (
    <Group mt="xl" gap="sm">
      {post.editable && (
        <Button component={Link} to={`/board/${post.id}/edit`} variant="default" leftSection={<Pencil size={16} aria-hidden />} data-testid="post-edit">
          {t('app.edit')}
        </Button>
      )}
      {(mine || me.data.admin) && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<Trash2 size={16} aria-hidden />}
          onClick={() => ask({ title: t('board.deleteConfirm'), text: t('board.deleteText'), yes: t('board.delete'), run })}
          data-testid="post-delete"
        >
          {t('app.remove')}
        </Button>
      )}
      {!mine && (
        <Button variant="subtle" color="gray" leftSection={<Flag size={16} aria-hidden />} onClick={() => setReporting(true)} data-testid="post-report">
          {t('board.report')}
        </Button>
      )}
      {dialog}
      <ReportForm person={post.author} postId={post.id} opened={reporting} close={() => setReporting(false)} />
    </Group>
  )
}
