import { Button, FileButton, Group, Image, Loader, Stack, Text, TextInput } from '@mantine/core'
import { ImageUp, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemMessage } from '../api/problem'
import { uploadPicture } from '../api/people'
import { useMessage } from '../i18n/useMessage'
import { GroupLabel } from './GroupLabel'

/** What the server takes, in bytes. */
const mostBytes = 5_000_000

export interface PictureFieldProps {
  label: string
  value: string
  onChange: (url: string) => void
  error?: string
  /** Shown in place of the picture when there is none. */
  blank: ReactNode
  round?: boolean
}

/** A picture to choose and send, or the address of one. A chosen picture is sent at once and shown; the form keeps its address. */
export function PictureField({ label, value, onChange, error, blank, round = false }: PictureFieldProps) {
  const { t } = useTranslation()
  const say = useMessage()
  const id = useId()
  const [sending, setSending] = useState(false)
  const [refused, setRefused] = useState<string>()

  async function choose(file: File | null) {
    if (!file) return
    if (file.size > mostBytes) {
      setRefused(t('people.pictureTooBig'))
      return
    }
    setSending(true)
    setRefused(undefined)
    try {
      onChange((await uploadPicture(file)).url)
    } catch (failure) {
      setRefused(say(problemMessage(failure)))
    } finally {
      setSending(false)
    }
  }

  return (
    <div role="group" aria-labelledby={id}>
      <GroupLabel id={id}>{label}</GroupLabel>
      <Group gap="md" align="flex-start" wrap="nowrap">
        {sending ? (
          <Loader size={round ? 84 : 64} />
        ) : value ? (
          <Image src={value} alt="" referrerPolicy="no-referrer" w={round ? 84 : 132} h={84} radius={round ? 999 : 'md'} fit="cover" flex="none" />
        ) : (
          blank
        )}
        <Stack gap={8} flex={1} miw={0}>
          <Group gap="xs">
            <FileButton onChange={(file) => void choose(file)} accept="image/jpeg,image/png,image/gif,image/webp">
              {(props) => (
                <Button {...props} variant="default" leftSection={<ImageUp size={17} aria-hidden />} data-testid="picture-choose">
                  {t('people.pictureChoose')}
                </Button>
              )}
            </FileButton>
            {value && (
              <Button variant="subtle" color="gray" leftSection={<X size={17} aria-hidden />} onClick={() => onChange('')}>
                {t('people.pictureRemove')}
              </Button>
            )}
          </Group>
          <Text size="xs" c="dimmed">
            {t('people.pictureHint')}
          </Text>
          <TextInput
            size="sm"
            type="url"
            aria-label={t('people.pictureLink')}
            placeholder="https://…"
            value={value}
            onChange={(e) => onChange(e.currentTarget.value)}
            error={refused ?? error}
            maxLength={2048}
          />
        </Stack>
      </Group>
    </div>
  )
}
