import { Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useNavigate, useSearchParams } from 'react-router'
import { useCreateBook } from '../api/books'
import pages from '../pages/pages.module.css'
import { PageTitle } from '../parts/PageTitle'
import { useTell } from '../parts/useTell'
import { BookForm } from './BookForm'
import { blankBook, bookOf } from './draft'

/** Adds a book; `?title=` begins with words that were looked for in vain. */
export function NewBookPage() {
  const { t } = useTranslation()
  const tell = useTell()
  const navigate = useNavigate()
  const [query] = useSearchParams()
  const create = useCreateBook()
  return (
    <div className={pages.narrow}>
      <PageTitle title={t('books.add')} />
      <Title order={1}>{t('books.add')}</Title>
      <Text c="dimmed" mt={4} mb="lg">
        {t('books.addText')}
      </Text>
      <BookForm
        initial={{ ...blankBook, title: query.get('title') ?? '' }}
        submit={t('books.add')}
        back="/books"
        send={async (draft) => {
          const made = await create.mutateAsync(bookOf(draft))
          tell.done(t('books.added'))
          void navigate(`/books/${made.id}`, { replace: true })
        }}
      />
    </div>
  )
}
