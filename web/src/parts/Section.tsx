import { Group, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useId } from 'react'

/** A part of a page under its own heading; `action` stands beside the heading. */
export function Section({ title, action, children }: { title: ReactNode; action?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <Group justify="space-between" mb="sm" mih={36} gap="sm">
        <Title order={2} size="h3" id={id}>
          {title}
        </Title>
        {action}
      </Group>
      {children}
    </section>
  )
}
