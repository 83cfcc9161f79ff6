import { Title } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Tagged } from '../api/client'
import type { Post } from '../api/posts'
import { fetchPost, usePost, useUpdatePost } from '../api/posts'
import { NotFoundPage } from '../pages/NotFoundPage'
import pages from '../pages/pages.module.css'
import { usePathId } from '../pages/usePathId'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { useTell } from '../parts/useTell'
import { PostForm } from './PostForm'

export function EditPostPage() {
  const id = usePathId()
  const post = usePost(id)
  if (Number.isNaN(id)) return <NotFoundPage />
  if (post.isPending) return <Loading full />
  if (post.isError) return <Failed error={post.error} retry={() => void post.refetch()} />
  return <EditOf post={post.data} />
}

const draftOf = ({ title, content }: Post) => ({ title, content })

function EditOf({ post }: { post: Tagged<Post> }) {
  const { t } = useTranslation()
  const tell = useTell()
  const navigate = useNavigate()
  const update = useUpdatePost(post.id)
  const [initial] = useState(() => draftOf(post))
  const etag = useRef(post.etag)
  const back = `/board/${post.id}`
  return (
    <div className={pages.narrow}>
      <PageTitle title={t('board.edit')} />
      <Title order={1} mb="lg">
        {t('board.edit')}
      </Title>
      <PostForm
        initial={initial}
        submit={t('app.save')}
        back={back}
        send={async (draft) => {
          await update.mutateAsync({ ...draft, etag: etag.current })
          tell.done(t('board.edited'))
          void navigate(back, { replace: true })
        }}
        newest={async () => {
          const latest = await fetchPost(post.id)
          etag.current = latest.etag
          return draftOf(latest)
        }}
      />
    </div>
  )
}
