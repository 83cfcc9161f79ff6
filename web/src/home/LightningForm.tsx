import { Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { Zap } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useStartLightning } from '../api/conferences'
import pages from '../pages/pages.module.css'
import { BookPicker } from '../parts/BookPicker'
import { FormError } from '../parts/FormError'
import { mistake, useForm } from '../parts/useForm'

const seats = [2, 3, 4, 5, 6]
const lengths = [30, 60, 90, 120]

/** Starts a lightning meeting and leads into its lobby. */
export function LightningForm({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={close} title={t('finder.lightningStart')} centered radius="lg" closeButtonProps={{ 'aria-label': t('app.close') }}>
      <Text size="sm" c="dimmed" mb="md">
        {t('finder.lightningText')}
      </Text>
      <Start close={close} />
    </Modal>
  )
}

function Start({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const start = useStartLightning()
  const form = useForm({
    initial: { title: '', description: '', book_id: 0, max_user: '6', duration_minutes: '60' },
    check: (v) => ({ title: v.title.trim() ? undefined : mistake('required') }),
    send: async ({ book_id, ...v }) => {
      const made = await start.mutateAsync({
        title: v.title.trim(),
        description: v.description.trim(),
        max_user: Number(v.max_user),
        duration_minutes: Number(v.duration_minutes),
        ...(book_id ? { book_id } : {}),
      })
      void navigate(`/conferences/${made.id}/meeting`)
    },
  })
  return (
    <form {...form.props}>
      <Stack>
        <FormError text={form.formError} />
        <TextInput {...form.field('title')} label={t('finder.lightningTitle')} placeholder={t('finder.lightningPlaceholder')} maxLength={100} data-autofocus data-testid="lightning-title" />
        <Textarea {...form.field('description')} label={`${t('conference.description')} ${t('app.optional')}`} autosize minRows={2} maxRows={6} />
        <BookPicker
          label={`${t('finder.book')} ${t('app.optional')}`}
          placeholder={t('finder.bookSearch')}
          value={form.values.book_id}
          error={form.error('book_id')}
          onChange={(id) => form.set('book_id', id)}
        />
        <div className={pages.pair}>
          <Select
            label={t('finder.lightningSeats')}
            data={seats.map((n) => ({ value: String(n), label: t('club.seatsValue', { count: n }) }))}
            value={form.values.max_user}
            error={form.error('max_user')}
            onChange={(v) => form.set('max_user', v ?? '6')}
            allowDeselect={false}
          />
          <Select
            label={t('finder.lightningMinutes')}
            data={lengths.map((n) => ({ value: String(n), label: t('conference.minutes', { count: n }) }))}
            value={form.values.duration_minutes}
            error={form.error('duration_minutes')}
            onChange={(v) => form.set('duration_minutes', v ?? '60')}
            allowDeselect={false}
          />
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" loading={form.sending} leftSection={<Zap size={17} aria-hidden />} data-testid="lightning-submit">
            {t('finder.lightningNow')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
