import { SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../api/client'
import { BookPicker } from '../parts/BookPicker'
import { CategorySelect } from '../parts/CategorySelect'
import { GroupLabel } from '../parts/GroupLabel'
import { PictureField } from '../parts/PictureField'
import type { useForm } from '../parts/useForm'
import { ZoneSelect } from '../parts/ZoneSelect'
import classes from '../pages/pages.module.css'
import type { ClubValues } from './clubForm'
import { Thumb } from './Thumb'

/** Seats a club may have; the server has the last word. */
const seats = [2, 3, 4, 5, 6]

export interface ClubFieldsProps {
  form: ReturnType<typeof useForm<ClubValues>>
  /** The book chosen already. */
  book?: Schemas['BookName'] | undefined
}

/** What a club says of itself; used to found one and to change it. */
export function ClubFields({ form, book }: ClubFieldsProps) {
  const { t } = useTranslation()
  const ruleId = useId()
  const optional = (label: string) => `${label} ${t('app.optional')}`
  const most = Math.max(6, Number(form.values.max_user))
  const choices = most > 6 ? [...seats, most] : seats
  return (
    <>
      <TextInput {...form.field('title')} label={t('club.name')} placeholder={t('club.namePlaceholder')} maxLength={100} required withAsterisk={false} data-testid="club-title" />
      <TextInput {...form.field('summary')} label={optional(t('club.summary'))} placeholder={t('club.summaryPlaceholder')} maxLength={150} data-testid="club-summary" />
      <Textarea {...form.field('detail')} label={optional(t('club.detail'))} placeholder={t('club.detailPlaceholder')} autosize minRows={4} maxRows={14} data-testid="club-detail" />
      <div className={classes.pair}>
        <Select
          label={t('club.seats')}
          description={t('club.seatsHint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={choices.map((n) => ({ value: String(n), label: t('club.seatsValue', { count: n }) }))}
          value={form.values.max_user}
          error={form.error('max_user')}
          onChange={(v) => form.set('max_user', v ?? '6')}
          allowDeselect={false}
        />
        <CategorySelect label={t('club.category')} value={form.values.category} error={form.error('category')} onChange={(v) => form.set('category', v ?? 'other')} />
        <BookPicker
          label={optional(t('club.book'))}
          placeholder={t('finder.bookSearch')}
          value={form.values.book_id}
          chosen={book}
          error={form.error('book_id')}
          onChange={(id) => form.set('book_id', id)}
        />
        <ZoneSelect label={t('club.timeZone')} value={form.values.time_zone} error={form.error('time_zone')} onChange={(v) => form.set('time_zone', v)} />
      </div>
      <div>
        <GroupLabel id={ruleId}>{t('club.joinRule')}</GroupLabel>
        <SegmentedControl
          fullWidth
          aria-labelledby={ruleId}
          value={form.values.join_rule}
          onChange={(v) => form.set('join_rule', v)}
          data={[
            { value: 'free', label: t('club.joinFree') },
            { value: 'ask', label: t('club.joinAsk') },
          ]}
          styles={{ label: { paddingInline: 4, whiteSpace: 'normal' } }}
        />
      </div>
      <PictureField
        label={optional(t('people.thumbnail'))}
        value={form.values.thumbnail}
        error={form.error('thumbnail')}
        onChange={(v) => form.set('thumbnail', v)}
        blank={<Thumb title={form.values.title} url="" size="small" />}
      />
    </>
  )
}
