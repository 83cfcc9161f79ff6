import { useEffect, useState } from 'react'
import type { Note } from '../api/client'

/** How long a caption stays, in milliseconds, and how many at once. */
const stay = 8000
const most = 3

/** Captions that came while this is shown, each for a few seconds by this browser's own clock. */
export function useFreshCaptions(items: Note[] | undefined): Note[] {
  const [known, setKnown] = useState<number>()
  const [fresh, setFresh] = useState<Note[]>([])
  const newest = items?.reduce((max, n) => Math.max(max, n.id), 0)
  if (items && newest !== undefined && known !== newest) {
    // What was there at the beginning is not news.
    if (known !== undefined) setFresh([...fresh, ...items.filter((n) => n.id > known && n.source === 'caption')].slice(-most))
    setKnown(Math.max(newest, known ?? 0))
  }
  const last = fresh.at(-1)?.id
  useEffect(() => {
    if (last === undefined) return
    const timer = setTimeout(() => setFresh((now) => now.filter((n) => n.id > last)), stay)
    return () => clearTimeout(timer)
  }, [last])
  return fresh
}
