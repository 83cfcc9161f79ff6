import { Button, Group, Stack, Textarea } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { FormError } from '../parts/FormError'
import { mistake, useForm } from '../parts/useForm'

export interface TextEditorProps<K extends string> {
  /** The field's name in the API. */
  name: K
  label: string
  placeholder?: string
  text: string
  most: number
  rows: number
  submit: string
  send: (text: string, etag: string | undefined) => Promise<unknown>
  /** For the edit of something that exists: its present text and version. */
  newest?: () => Promise<{ text: string; etag: string | undefined }>
  /** The version the edit begins with. */
  etag?: string | undefined
  cancel?: () => void
  testId: string
}

/** One text to write or to change. Empty again after it was sent, unless it can be cancelled. */
export function TextEditor<K extends string>({ name, label, placeholder, text, most, rows, submit, send, newest, etag, cancel, testId }: TextEditorProps<K>) {
  const { t } = useTranslation()
  const version = useRef(etag)
  const form = useForm<Record<string, string>>({
    initial: { [name]: text },
    check: (v) => ({ [name]: v[name]?.trim() ? undefined : mistake('required') }),
    send: async (v) => {
      await send((v[name] ?? '').trim(), version.current)
      if (!cancel) form.reset({ [name]: '' })
    },
    ...(newest && {
      newest: async () => {
        const fresh = await newest()
        version.current = fresh.etag
        return { [name]: fresh.text }
      },
    }),
  })
  return (
    <form {...form.props} style={{ flex: 1, minWidth: 0 }}>
      <Stack gap="sm">
        <FormError text={form.formError} />
        <Textarea {...form.field(name)} label={label} placeholder={placeholder} autosize minRows={rows} maxRows={14} maxLength={most} data-testid={`${testId}-text`} />
        <Group justify="flex-end" gap="xs">
          {cancel && (
            <Button variant="default" onClick={cancel}>
              {t('app.cancel')}
            </Button>
          )}
          <Button type="submit" loading={form.sending} data-testid={`${testId}-submit`}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
