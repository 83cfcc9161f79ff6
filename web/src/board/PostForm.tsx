import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Schemas } from '../api/client'
import pages from '../pages/pages.module.css'
import { FormError } from '../parts/FormError'
import { mistake, useForm } from '../parts/useForm'

type Draft = Schemas['NewPost']

export interface PostFormProps {
  initial: Draft
  submit: string
  back: string
  send: (draft: Draft) => Promise<unknown>
  newest?: () => Promise<Draft>
}

/** A post to write or to change. */
export function PostForm({ initial, submit, back, send, newest }: PostFormProps) {
  const { t } = useTranslation()
  const form = useForm<Draft>({
    initial,
    check: (v) => ({
      title: v.title.trim() ? undefined : mistake('required'),
      content: v.content.trim() ? undefined : mistake('required'),
    }),
    send,
    ...(newest ? { newest } : {}),
  })
  return (
    <form {...form.props} className={pages.sheet}>
      <Stack>
        <FormError text={form.formError} />
        <TextInput {...form.field('title')} label={t('board.name')} maxLength={150} data-testid="post-title" />
        <Textarea {...form.field('content')} label={t('board.content')} autosize minRows={8} maxRows={30} maxLength={10000} data-testid="post-content-field" />
        <Group justify="flex-end" mt="sm">
          <Button component={Link} to={back} variant="default">
            {t('app.cancel')}
          </Button>
          <Button type="submit" loading={form.sending} data-testid="post-submit">
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
