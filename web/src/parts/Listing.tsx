import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failed } from './Failed'
import { Loading } from './Loading'

interface Asked<T> {
  isPending: boolean
  isError: boolean
  error: unknown
  refetch: () => unknown
  data?: { items: T[] } | { pages: { items: T[] }[] } | undefined
  hasNextPage?: boolean
  isFetchingNextPage?: boolean
  fetchNextPage?: () => unknown
}

export interface ListingProps<T> {
  list: Asked<T>
  /** What stands there when the list is empty. */
  empty?: ReactNode
  /** Shows this many until somebody asks for more. */
  first?: number
  children: (items: T[]) => ReactNode
}

/** A list from the server in all its states: on its way, refused, empty, there, and with more to come. */
export function Listing<T>({ list, empty, first, children }: ListingProps<T>) {
  const { t } = useTranslation()
  const [all, setAll] = useState(first === undefined)
  if (list.isPending) return <Loading />
  if (list.isError) return <Failed error={list.error} retry={() => void list.refetch()} />
  const { data } = list
  const items = data === undefined ? [] : 'pages' in data ? data.pages.flatMap((p) => p.items) : data.items
  if (items.length === 0) return <>{empty}</>
  return (
    <>
      {children(all ? items : items.slice(0, first))}
      {!all && first !== undefined && items.length > first && (
        <Button mt="md" variant="default" onClick={() => setAll(true)}>
          {t('app.more')}
        </Button>
      )}
      {all && list.hasNextPage && (
        <Button mt="md" variant="default" loading={list.isFetchingNextPage ?? false} onClick={() => void list.fetchNextPage?.()}>
          {t('app.more')}
        </Button>
      )}
    </>
  )
}
