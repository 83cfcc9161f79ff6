// Books, the reading calendar, the board, conferences, history and search: their main use, and how they look to four
// kinds of people. The pictures stay in build/e2e.
import assert from 'node:assert/strict'
import { until } from './browser.mjs'
import { api } from './club.mjs'
import { look, seen, step, tour, views } from './look.mjs'
import { scene } from './stage.mjs'
import { enterAs, furnish } from './world.mjs'

const day = (offset) => new Date(Date.now() - offset * 86_400_000).toISOString().slice(0, 10)

/** More of what a house holds after a while; by the owner's and the friend's hands. */
async function age(owner, member, { book }) {
  const titles = [
    ['데미안', '헤르만 헤세', 240], ['The Remains of the Day', 'Kazuo Ishiguro', 258], ['채식주의자', '한강', 276],
    ['코스모스', 'Carl Sagan', 719], ['토지 1', '박경리', 432], ['작은 아씨들', 'Louisa May Alcott', 968], ['흰', '한강', 196],
  ]
  const now = new Date().getUTCDate()
  for (const [i, [title, author, pages]] of titles.entries()) {
    const b = await api(owner, 'POST', '/books', { title, author, pages, category: i % 2 ? 'essay' : 'novel' })
    await api(owner, 'POST', '/me/books', { book_id: b.id, read_on: day((i * 3) % now), rating: 3 + (i % 3), review: i % 2 ? '' : '밤을 새워 읽었다.' })
  }
  await api(owner, 'POST', '/me/books', { book_id: book.id, read_on: day(40), rating: 5, review: '잊히지 않는 문장들.' })
  // A club of its own: a club meets once at a time.
  const evening = await api(owner, 'POST', '/clubs', { title: '소리 내어 읽는 밤', category: 'novel', book_id: book.id })
  await api(member, 'POST', `/clubs/${evening.id}/members`)
  const ends = Date.now() + 1_500
  const over = await api(owner, 'POST', `/clubs/${evening.id}/conferences`, {
    title: '『소년이 온다』 2부',
    book_id: book.id,
    call_start_time: new Date(ends - 540_000).toISOString(),
    call_end_time: new Date(ends).toISOString(),
  })
  for (const text of ['양심이라는 말이 오래 남았어요.', '2인칭으로 쓴 까닭을 이야기했다.']) await api(member, 'POST', `/conferences/${over.id}/notes`, { text })
  const later = await api(owner, 'POST', `/clubs/${evening.id}/conferences`, {
    title: '다음 모임',
    description: '3부를 읽고 만나요.',
    book_id: book.id,
    call_start_time: new Date(Date.now() + 200_000_000).toISOString(),
    call_end_time: new Date(Date.now() + 205_400_000).toISOString(),
  })
  await api(owner, 'POST', `/conferences/${later.id}/notes`, { text: '양심이라는 말을 다시 이야기해요.' })
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, ends - Date.now())))
  const [post] = (await api(member, 'GET', '/posts?limit=1')).items
  const mine = await api(owner, 'POST', '/posts', { title: '처음 읽는 사람에게 권하는 책', content: '두꺼운 책부터 시작하지 마세요.\n얇고 좋은 책이 많아요.' })
  return { evening, over, later, post, mine }
}

scene('books, board, history and search fit everybody', {}, async ({ person }) => {
  const crew = []
  for (let i = 0; i < 4; i++) crew.push(await person())
  const world = await furnish(...crew)
  const aged = await age(crew[0], crew[1], world)
  for (const page of crew) await page.close()
  for (const pair of [views.slice(0, 2), views.slice(2)]) await Promise.all(pair.map(async (view) => walk(await seen(person, view), { ...world, ...aged })))
})

async function walk(page, { evening, book, conference, lightning, over, later, post, mine }) {
  const { stop, end } = tour()
  const visit = (path, name, first = async () => undefined) =>
    stop(async () => {
      await step(page, path)
      await first()
      await look(page, `shelf-${name}`)
    })
  await page.goto('/')
  await visit(`/books/${book.id}`, 'book-visitor')
  await enterAs(page, '책읽는하늘')
  await page.goto('/')
  const pages = {
    books: '/books',
    'books-nothing': '/books?q=없는책',
    book: `/books/${book.id}`,
    'book-new': '/books/new',
    'book-edit': `/books/${book.id}/edit`,
    reading: '/me/reading',
    'reading-empty': '/me/reading?month=2020-02',
    board: '/board',
    post: `/board/${post.id}`,
    'post-mine': `/board/${mine.id}`,
    'post-new': '/board/new',
    history: `/clubs/${evening.id}/history`,
    'history-search': `/clubs/${evening.id}/history?q=양심`,
    search: '/search',
    'search-found': '/search?q=소년이',
    'conference-open': `/conferences/${conference.id}`,
    'conference-later': `/conferences/${later.id}`,
    'conference-over': `/conferences/${over.id}`,
    'conference-lightning': `/conferences/${lightning.id}`,
    'conference-form': `/conferences/${later.id}/edit`,
  }
  for (const [name, path] of Object.entries(pages)) await visit(path, name)
  await visit(`/books/${book.id}`, 'book-read', () => page.getByTestId('book-read').click())
  end()
}

scene('a book is added, read, reviewed and stacked', {}, async ({ person }) => {
  const [page, other] = [await person(), await person()]
  await api(page, 'POST', '/users', { nickname: 'reader-1', password: 'reading!1' })
  await page.goto('/books')
  await page.getByTestId('book-add').click()
  await page.getByTestId('book-title').fill('소년이 온다')
  await page.getByTestId('book-author').fill('한강')
  await page.getByTestId('book-pages').fill('216')
  await page.getByTestId('book-submit').click()
  await page.waitForURL(/\/books\/\d+$/)
  const book = page.url()

  await page.getByTestId('book-read').click()
  await page.getByTestId('reading-rating').locator('label').last().click()
  await page.getByTestId('reading-review').fill('Read it twice <b>at least</b>.')
  await page.getByTestId('reading-submit').click()
  await page.getByTestId('review-list').getByText('Read it twice <b>at least</b>.').waitFor()
  assert.match(await page.getByTestId('book-rating').innerText(), /5/)

  await page.goto('/me/reading')
  await page.getByTestId('day-book').waitFor()
  await until('the stack is 17 mm high', () => page.getByTestId('stack').getAttribute('data-height'), (h) => h === '17')
  await page.getByTestId('day-book').click()
  await page.getByTestId('reading-delete').click()
  await page.getByTestId('confirm-yes').click()
  await page.getByTestId('day-book').waitFor({ state: 'detached' })

  await other.goto('/books?q=소년')
  await other.getByTestId('book-card').getByRole('link').click()
  await other.waitForURL(book)
})

scene('a post is written, found, changed, reported and deleted', {}, async ({ person }) => {
  const [author, reader] = [await person(), await person()]
  await api(author, 'POST', '/users', { nickname: 'author-1', password: 'reading!1' })
  await api(reader, 'POST', '/users', { nickname: 'reader-1', password: 'reading!1' })
  await author.goto('/board')
  await author.getByTestId('post-write').click()
  await author.getByTestId('post-submit').click()
  await author.locator('[aria-invalid=true]').first().waitFor()
  await author.getByTestId('post-title').fill('데미안을 같이 읽어요')
  await author.getByTestId('post-content-field').fill('목요일 밤에 만나요.')
  await author.getByTestId('post-submit').click()
  await author.waitForURL(/\/board\/\d+$/)
  const address = author.url()

  await reader.goto('/search?q=데미안')
  await reader.getByTestId('post-row').getByRole('link').click()
  await reader.waitForURL(address)
  await reader.getByTestId('post-report').click()
  await reader.getByTestId('report-reason').fill('Not about books.')
  await reader.getByTestId('report-send').click()
  await reader.getByTestId('report-reason').waitFor({ state: 'detached' })

  // Somebody else was faster: both changes stay.
  await author.getByTestId('post-edit').click()
  await author.getByTestId('post-title').fill('데미안을 천천히 읽어요')
  await api(author, 'PATCH', `/posts/${address.split('/').at(-1)}`, { content: '금요일 밤에 만나요.' })
  await author.getByTestId('post-submit').click()
  await until('both changes stand in the form', () => author.getByTestId('post-content-field').inputValue(), (v) => v.includes('금요일'))
  await author.getByTestId('post-submit').click()
  await author.waitForURL(address)
  await author.getByRole('heading', { name: '데미안을 천천히 읽어요' }).waitFor()
  await author.getByTestId('post-delete').click()
  await author.getByTestId('confirm-yes').click()
  await author.waitForURL(/\/board$/)
  assert.equal((await api(author, 'GET', '/posts')).items.length, 0)
})
