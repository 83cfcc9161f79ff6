import { Button, Group, NumberInput, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ApiError } from '../api/problem'
import pages from '../pages/pages.module.css'
import { CategorySelect } from '../parts/CategorySelect'
import { Cover } from '../parts/Cover'
import { DayField } from '../parts/DayField'
import { FormError } from '../parts/FormError'
import { PictureField } from '../parts/PictureField'
import { mistake, useForm } from '../parts/useForm'
import { BookExists } from './BookExists'
import type { BookDraft } from './draft'

export interface BookFormProps {
  initial: BookDraft
  submit: string
  back: string
  send: (draft: BookDraft) => Promise<unknown>
  newest?: () => Promise<BookDraft>
}

/** What a book is; used to add one and to change it. */
export function BookForm({ initial, submit, back, send, newest }: BookFormProps) {
  const { t } = useTranslation()
  const [twin, setTwin] = useState<number>()
  const form = useForm<BookDraft>({
    initial,
    check: (v) => ({ title: v.title.trim() ? undefined : mistake('required') }),
    send: async (v) => {
      setTwin(undefined)
      await send(v).catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'book_exists') setTwin(error.problem?.book_id)
        throw error
      })
    },
    ...(newest ? { newest } : {}),
  })
  return (
    <form {...form.props} className={pages.sheet}>
      <Stack>
        {twin === undefined ? <FormError text={form.formError} /> : <BookExists id={twin} />}
        <TextInput {...form.field('title')} label={t('books.name')} maxLength={200} data-testid="book-title" />
        <TextInput {...form.field('author')} label={`${t('books.author')} ${t('app.optional')}`} maxLength={200} data-testid="book-author" />
        <div className={pages.pair}>
          <CategorySelect label={t('books.category')} value={form.values.category} onChange={(c) => form.set('category', c ?? 'other')} error={form.error('category') ?? ''} />
          <NumberInput
            label={`${t('books.pages')} ${t('app.optional')}`}
            description={t('books.pagesHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            size="md"
            min={1}
            max={20000}
            allowDecimal={false}
            hideControls
            value={form.values.pages}
            onChange={(v) => form.set('pages', String(v))}
            error={form.error('pages')}
            data-testid="book-pages"
          />
        </div>
        <DayField label={`${t('books.pubDate')} ${t('app.optional')}`} value={form.values.pub_date} onChange={(v) => form.set('pub_date', v)} error={form.error('pub_date')} />
        <PictureField
          label={`${t('books.cover')} ${t('app.optional')}`}
          value={form.values.book_img}
          onChange={(v) => form.set('book_img', v)}
          error={form.error('book_img') ?? ''}
          blank={<Cover book={{ title: form.values.title || t('books.coverBlank'), book_img: '' }} size="small" />}
        />
        <Group justify="flex-end" mt="sm">
          <Button component={Link} to={back} variant="default">
            {t('app.cancel')}
          </Button>
          <Button type="submit" loading={form.sending} data-testid="book-submit">
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
