import { Button, Group, TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import type { FormEvent, ReactNode } from 'react'
import { useState } from 'react'
import classes from './SearchBox.module.css'

export interface SearchBoxProps {
  label: string
  placeholder: string
  go: string
  /** The words looked for at present. */
  words: string
  search: (words: string) => void
  /** More to choose by, below the words. */
  children?: ReactNode
}

/** A place for words to look for. Give it a `key` of the words, so that going back in history is seen in it. */
export function SearchBox({ label, placeholder, go, words, search, children }: SearchBoxProps) {
  const [typed, setTyped] = useState(words)
  function submit(event: FormEvent) {
    event.preventDefault()
    search(typed.trim())
  }
  return (
    <form role="search" aria-label={label} className={classes.search} onSubmit={submit}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          type="search"
          aria-label={label}
          placeholder={placeholder}
          leftSection={<Search size={18} aria-hidden />}
          value={typed}
          maxLength={100}
          onChange={(e) => setTyped(e.currentTarget.value)}
          data-testid="search-words"
        />
        <Button type="submit" size="md" h={42} data-testid="search-go">
          {go}
        </Button>
      </Group>
      {children}
    </form>
  )
}
