import { Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useCreatePost } from '../api/posts'
import pages from '../pages/pages.module.css'
import { PageTitle } from '../parts/PageTitle'
import { useTell } from '../parts/useTell'
import { PostForm } from './PostForm'

export function NewPostPage() {
  const { t } = useTranslation()
  const tell = useTell()
  const navigate = useNavigate()
  const create = useCreatePost()
  return (
    <div className={pages.narrow}>
      <PageTitle title={t('board.writeTitle')} />
      <Title order={1} mb="lg">
        {t('board.writeTitle')}
      </Title>
      <PostForm
        initial={{ title: '', content: '' }}
        submit={t('board.publish')}
        back="/board"
        send={async (draft) => {
          const made = await create.mutateAsync(draft)
          tell.done(t('board.written'))
          void navigate(`/board/${made.id}`, { replace: true })
        }}
      />
    </div>
  )
}
