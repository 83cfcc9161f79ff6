import { Button, Group, Modal, Text, TextInput } from '@mantine/core'
import { useState } from 'react'

export interface ConfirmProps {
  opened: boolean
  close: () => void
  title: string
  text?: string
  yes: string
  no: string
  run: () => unknown
  /** For what destroys most: these words have to be typed before. */
  type?: { label: string; words: string }
}

/** Asks before something that cannot be undone. */
export function Confirm({ opened, close, title, text, yes, no, run, type }: ConfirmProps) {
  const [typed, setTyped] = useState('')
  const ready = !type || typed.trim().normalize('NFC') === type.words.trim().normalize('NFC')
  const leave = () => {
    setTyped('')
    close()
  }
  return (
    <Modal opened={opened} onClose={leave} title={title} centered radius="lg" closeButtonProps={{ 'aria-label': no }}>
      {text && <Text size="sm">{text}</Text>}
      {type && (
        <TextInput
          mt="md"
          label={type.label}
          placeholder={type.words}
          value={typed}
          onChange={(e) => setTyped(e.currentTarget.value)}
          autoComplete="off"
          data-testid="confirm-words"
        />
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={leave}>
          {no}
        </Button>
        <Button
          color="red.8"
          data-testid="confirm-yes"
          disabled={!ready}
          onClick={() => {
            leave()
            run()
          }}
        >
          {yes}
        </Button>
      </Group>
    </Modal>
  )
}
