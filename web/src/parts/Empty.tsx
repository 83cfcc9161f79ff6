import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './parts.module.css'

/** In place of a list with nothing in it: what is missing, and what to do about it. */
export function Empty({ icon, title, text, children }: { icon: ReactNode; title: string; text: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap={6} ta="center" className={classes.empty}>
      <span className={classes.emptyIcon} aria-hidden>
        {icon}
      </span>
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" maw={360}>
        {text}
      </Text>
      {children}
    </Stack>
  )
}
