import { Title } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import type { Book } from '../api/books'
import { fetchBook, useBook, useUpdateBook } from '../api/books'
import type { Tagged } from '../api/client'
import { NotFoundPage } from '../pages/NotFoundPage'
import pages from '../pages/pages.module.css'
import { usePathId } from '../pages/usePathId'
import { Failed } from '../parts/Failed'
import { Loading } from '../parts/Loading'
import { PageTitle } from '../parts/PageTitle'
import { useTell } from '../parts/useTell'
import { BookForm } from './BookForm'
import { bookOf, draftOf } from './draft'

export function EditBookPage() {
  const id = usePathId()
  const book = useBook(id)
  if (Number.isNaN(id)) return <NotFoundPage />
  if (book.isPending) return <Loading full />
  if (book.isError) return <Failed error={book.error} retry={() => void book.refetch()} />
  return <EditOf book={book.data} />
}

function EditOf({ book }: { book: Tagged<Book> }) {
  const { t } = useTranslation()
  const tell = useTell()
  const navigate = useNavigate()
  const update = useUpdateBook(book.id)
  const [initial] = useState(() => draftOf(book))
  const etag = useRef(book.etag)
  const back = `/books/${book.id}`
  return (
    <div className={pages.narrow}>
      <PageTitle title={t('books.edit')} />
      <Title order={1} mb="lg">
        {t('books.edit')}
      </Title>
      <BookForm
        initial={initial}
        submit={t('app.save')}
        back={back}
        send={async (draft) => {
          await update.mutateAsync({ ...bookOf(draft), etag: etag.current })
          tell.done(t('books.edited'))
          void navigate(back, { replace: true })
        }}
        newest={async () => {
          const latest = await fetchBook(book.id)
          etag.current = latest.etag
          return draftOf(latest)
        }}
      />
    </div>
  )
}
