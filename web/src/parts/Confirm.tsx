import { Button, Group, Modal, Text } from '@mantine/core'

export interface ConfirmProps {
  opened: boolean
  close: () => void
  title: string
  text?: string
  yes: string
  no: string
  run: () => void
}

/** Asks before something that cannot be undone. */
export function Confirm({ opened, close, title, text, yes, no, run }: ConfirmProps) {
  return (
    <Modal opened={opened} onClose={close} title={title} centered radius="lg" closeButtonProps={{ 'aria-label': no }}>
      {text && <Text size="sm">{text}</Text>}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={close}>
          {no}
        </Button>
        <Button
          color="red.8"
          data-testid="confirm-yes"
          onClick={() => {
            close()
            run()
          }}
        >
          {yes}
        </Button>
      </Group>
    </Modal>
  )
}
