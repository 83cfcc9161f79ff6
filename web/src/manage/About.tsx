import { Button, Group, Stack } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Club, Tagged } from '../api/client'
import { fetchClub, useUpdateClub } from '../api/clubs'
import { ClubFields } from '../clubs/ClubFields'
import { clubBody, clubValues } from '../clubs/clubForm'
import pages from '../pages/pages.module.css'
import { FormError } from '../parts/FormError'
import { Section } from '../parts/Section'
import { mistake, useForm } from '../parts/useForm'
import { useTell } from '../parts/useTell'

/** Changes what the club says of itself. */
export function About({ club }: { club: Tagged<Club> }) {
  const { t } = useTranslation()
  const tell = useTell()
  const update = useUpdateClub(club.id)
  const etag = useRef(club.etag)
  const form = useForm({
    initial: clubValues(club),
    check: (v) => ({ title: v.title.trim() ? undefined : mistake('required') }),
    send: async (v) => {
      const saved = await update.mutateAsync({ ...clubBody(v), etag: etag.current })
      etag.current = saved.etag
      form.reset(clubValues(saved))
      tell.done(t('manage.saved'))
    },
    newest: async () => {
      const newest = await fetchClub(club.id)
      etag.current = newest.etag
      return clubValues(newest)
    },
  })
  return (
    <Section title={t('manage.parts.about')}>
      <form {...form.props} className={pages.sheet}>
        <Stack>
          <FormError text={form.formError} />
          <ClubFields form={form} book={club.book} />
          <Group justify="flex-end">
            <Button type="submit" loading={form.sending} disabled={!form.changed} data-testid="club-save">
              {t('app.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
