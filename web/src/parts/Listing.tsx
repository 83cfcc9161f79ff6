import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
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
  children: (items: T[]) => ReactNode
}

/** A list from the server in all its states: on its way, refused, empty, there, and with more to come. */
export function Listing<T>({ list, empty, children }: ListingProps<T>) {
  const { t } = useTranslation()
  if (list.isPending) return <Loading />
  if (list.isError) return <Failed error={list.error} retry={() => void list.refetch()} />
  const { data } = list
  const items = data === undefined ? [] : 'pages' in data ? data.pages.flatMap((p) => p.items) : data.items
  if (items.length === 0) return <>{empty}</>
  return (
    <>
      {children(items)}
      {list.hasNextPage && (
        <Button mt="md" variant="default" loading={list.isFetchingNextPage ?? false} onClick={() => void list.fetchNextPage?.()}>
          {t('app.more')}
        </Button>
      )}
    </>
  )
}
