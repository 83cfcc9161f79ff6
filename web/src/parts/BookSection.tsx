import { Group, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { Schemas } from '../api/client'
import { Cover } from './Cover'
import classes from './BookSection.module.css'
import { Section } from './Section'

/** A book with its cover, as a part of a page: what a club reads, or what a conference is about. */
export function BookSection({ title, book }: { title: string; book: Schemas['BookName'] }) {
  return (
    <Section title={title}>
      <Group wrap="nowrap" gap="md" align="flex-start">
        <Cover book={book} size="small" />
        <div style={{ minWidth: 0 }}>
          <Text fw={700} component={Link} to={`/books/${book.id}`} className={classes.title}>
            {book.title}
          </Text>
          <Text size="sm" c="dimmed">
            {book.author}
          </Text>
        </div>
      </Group>
    </Section>
  )
}
