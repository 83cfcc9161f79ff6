import type { Club, Schemas } from '../api/client'
import type { Category } from '../parts/CategorySelect'

/** What the form of a club holds; texts as they are typed. */
export interface ClubValues {
  title: string
  summary: string
  detail: string
  max_user: string
  category: Category
  thumbnail: string
  join_rule: Schemas['JoinRule']
  book_id: number
  time_zone: string
}

export function newClub(zone: string): ClubValues {
  return { title: '', summary: '', detail: '', max_user: '6', category: 'novel', thumbnail: '', join_rule: 'free', book_id: 0, time_zone: zone }
}

export function clubValues(c: Club): ClubValues {
  const { title, summary, detail, category, thumbnail, join_rule, time_zone } = c
  return { title, summary, detail, category, thumbnail, join_rule, time_zone, max_user: String(c.max_user), book_id: c.book?.id ?? 0 }
}

/** The body of a change; a book of 0 is none. */
export function clubBody(v: ClubValues): Required<Schemas['ClubChange']> {
  return { ...v, title: v.title.trim(), summary: v.summary.trim(), detail: v.detail.trim(), thumbnail: v.thumbnail.trim(), max_user: Number(v.max_user) }
}
