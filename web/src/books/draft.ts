import type { Book } from '../api/books'
import type { Schemas } from '../api/client'

/** A book as its form holds it: every field a text, empty for what is not known. */
export type BookDraft = {
  title: string
  author: string
  category: Schemas['Category']
  pub_date: string
  pages: string
  book_img: string
}

export const blankBook: BookDraft = { title: '', author: '', category: 'novel', pub_date: '', pages: '', book_img: '' }

export function draftOf(b: Book): BookDraft {
  return { title: b.title, author: b.author, category: b.category, pub_date: b.pub_date ?? '', pages: b.pages === undefined ? '' : String(b.pages), book_img: b.book_img }
}

/** What the API is told: what is not known is left out. */
export function bookOf(d: BookDraft): Schemas['NewBook'] {
  return {
    title: d.title.trim(),
    author: d.author.trim(),
    category: d.category,
    book_img: d.book_img.trim(),
    ...(d.pub_date ? { pub_date: d.pub_date } : {}),
    ...(d.pages ? { pages: Number(d.pages) } : {}),
  }
}
