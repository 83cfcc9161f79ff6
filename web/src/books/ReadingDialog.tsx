import { Button, Group, Input, Modal, Rating, Stack, Text, Textarea } from '@mantine/core'
import { Star } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Tagged } from '../api/client'
import type { Reading } from '../api/readings'
import { fetchReading, useDeleteReading, useLogReading, useUpdateReading } from '../api/readings'
import { BookPicker } from '../parts/BookPicker'
import { DayField } from '../parts/DayField'
import { FormError } from '../parts/FormError'
import { useConfirm } from '../parts/useConfirm'
import { mistake, useForm } from '../parts/useForm'
import { useTell } from '../parts/useTell'
import { localZone, wallDate } from '../time/format'

export interface ReadingDialogProps {
  /** The book that was read; without it, one is chosen. */
  book?: { id: number; title: string }
  /** The entry to change, with its version; without it, a new one is written. */
  entry?: Tagged<Reading> | undefined
  /** The day to begin with, YYYY-MM-DD; today when left out. */
  day?: string
  opened: boolean
  close: () => void
}

/** Says that a book was read: when, how good it was, and what one thinks of it. */
export function ReadingDialog({ opened, close, ...what }: ReadingDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={what.entry ? t('books.readEdit') : t('books.readTitle')}
      centered
      radius="lg"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Entry {...what} close={close} />
    </Modal>
  )
}

interface Draft {
  book_id: number
  read_on: string
  rating: number
  review: string
}

function draftOf(r: Reading): Draft {
  return { book_id: r.book.id, read_on: r.read_on, rating: r.rating ?? 0, review: r.review }
}

function Entry({ book, entry, day, close }: Omit<ReadingDialogProps, 'opened'>) {
  const { t } = useTranslation()
  const tell = useTell()
  const log = useLogReading()
  const update = useUpdateReading(entry?.id ?? 0)
  const [etag, setETag] = useState(entry?.etag)
  const today = wallDate(new Date(), localZone())
  const fixed = book ?? entry?.book
  const form = useForm<Draft>({
    initial: entry ? draftOf(entry) : { book_id: book?.id ?? 0, read_on: day ?? today, rating: 0, review: '' },
    check: (v) => ({
      book_id: v.book_id ? undefined : mistake('required'),
      read_on: v.read_on ? undefined : mistake('required'),
    }),
    send: async ({ book_id, rating, ...v }) => {
      if (entry) await update.mutateAsync({ ...v, rating, etag })
      else await log.mutateAsync({ ...v, book_id, ...(rating ? { rating } : {}) })
      tell.done(entry ? t('books.readChanged') : t('books.readSaved'))
      close()
    },
    ...(entry
      ? {
          newest: async () => {
            const latest = await fetchReading(entry.id)
            setETag(latest.etag)
            return draftOf(latest)
          },
        }
      : {}),
  })
  return (
    <form {...form.props}>
      <Stack>
        <FormError text={form.formError} />
        {fixed ? (
          <Text fw={700}>{fixed.title}</Text>
        ) : (
          <div>
            <BookPicker
              label={t('books.readBook')}
              placeholder={t('finder.bookSearch')}
              value={form.values.book_id}
              onChange={(id) => form.set('book_id', id)}
              error={form.error('book_id')}
            />
            <Text size="sm" mt={4} component={Link} to="/books/new" c="var(--mantine-color-anchor)">
              {t('books.add')}
            </Text>
          </div>
        )}
        <DayField label={t('books.readOn')} value={form.values.read_on} onChange={(v) => form.set('read_on', v)} error={form.error('read_on')} max={today} testId="reading-day" />
        <Input.Wrapper label={t('books.readRating')} labelElement="div" size="md" error={form.error('rating')}>
          <Rating
            value={form.values.rating}
            onChange={(v) => form.set('rating', v === form.values.rating ? 0 : v)}
            emptySymbol={<Star size={30} color="var(--mantine-color-clay-5)" aria-hidden />}
            fullSymbol={<Star size={30} color="var(--mantine-color-clay-5)" fill="currentColor" aria-hidden />}
            getSymbolLabel={(v) => (v === 0 ? t('books.readNoStars') : t('books.readStars', { count: v }))}
            data-testid="reading-rating"
          />
        </Input.Wrapper>
        <Textarea {...form.field('review')} label={`${t('books.readReview')} ${t('app.optional')}`} description={t('books.readReviewHint')} autosize minRows={3} maxRows={10} maxLength={4000} data-testid="reading-review" />
        <Group justify="space-between">
          {entry ? <Remove entry={entry} done={close} /> : <span />}
          <Group gap="sm">
            <Button variant="default" onClick={close}>
              {t('app.cancel')}
            </Button>
            <Button type="submit" loading={form.sending} data-testid="reading-submit">
              {t('app.save')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}

function Remove({ entry, done }: { entry: Reading; done: () => void }) {
  const { t } = useTranslation()
  const tell = useTell()
  const remove = useDeleteReading()
  const { ask, dialog } = useConfirm()
  const run = () =>
    remove.mutate(entry.id, {
      onSuccess: () => {
        tell.done(t('books.readDeleted'))
        done()
      },
      onError: tell.failed,
    })
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        px="xs"
        loading={remove.isPending}
        onClick={() => ask({ title: t('books.readDeleteConfirm'), text: t('books.readDeleteText', { title: entry.book.title }), yes: t('books.readDelete'), run })}
        data-testid="reading-delete"
      >
        {t('books.readDelete')}
      </Button>
      {dialog}
    </>
  )
}
