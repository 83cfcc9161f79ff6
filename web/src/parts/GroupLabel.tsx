import { Input } from '@mantine/core'

/** The label of a group of controls, as inputs have theirs. */
export function GroupLabel({ id, children }: { id: string; children: string }) {
  return (
    <Input.Label component="div" size="md" id={id} mb={4} labelElement="div">
      {children}
    </Input.Label>
  )
}
