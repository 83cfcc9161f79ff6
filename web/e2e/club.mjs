// What people do in the club before and around a meeting: through the pages where that is
// what is tested, through the API where it is only the way there.
import assert from 'node:assert/strict'

const password = 'reading!1'

/** Signs up through the page. */
export async function signUp(page, nickname) {
  await page.goto('/sign-up')
  await page.getByTestId('sign-up-nickname').fill(nickname)
  await page.getByTestId('sign-up-password').fill(password)
  await page.getByTestId('sign-up-submit').click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-up'))
}

/** Signs in through the page. */
export async function signIn(page, nickname, word = password) {
  await page.goto('/sign-in')
  await page.getByTestId('sign-in-nickname').fill(nickname)
  await page.getByTestId('sign-in-password').fill(word)
  await page.getByTestId('sign-in-submit').click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
}

/** Asks the API as the person of the page and gives the JSON of the answer. */
export async function api(page, method, path, data) {
  const res = await page.request.fetch(`/api/v1${path}`, { method, data })
  const text = await res.text()
  assert.ok(res.ok(), `${method} ${path}: ${res.status()} ${text}`)
  return text ? JSON.parse(text) : undefined
}

/** Founds a club through the page and gives its id. */
export async function foundClub(page, title) {
  await page.goto('/clubs/new')
  await page.getByTestId('club-title').fill(title)
  await page.getByTestId('club-submit').click()
  await page.waitForURL(/\/clubs\/\d+$/)
  return Number(page.url().split('/').at(-1))
}

/** Schedules a conference that begins now through the page and gives its id. */
export async function schedule(page, club, title) {
  await page.goto(`/clubs/${club}/schedule`)
  await page.getByTestId('conference-title').fill(title)
  await page.getByTestId('conference-start-now').click()
  await page.getByTestId('conference-submit').click()
  await page.waitForURL(/\/conferences\/\d+$/)
  return Number(page.url().split('/').at(-1))
}

/** Lets these people into a new club with a conference that is open; gives its id. */
export async function quickConference(pages) {
  for (const [i, page] of pages.entries()) await api(page, 'POST', '/users', { nickname: `reader-${i + 1}`, password })
  const club = await api(pages[0], 'POST', '/clubs', { title: 'Quick readers' })
  for (const page of pages.slice(1)) await api(page, 'POST', `/clubs/${club.id}/members`)
  const now = Date.now()
  const conference = await api(pages[0], 'POST', `/clubs/${club.id}/conferences`, {
    title: 'Quick meeting',
    call_start_time: new Date(now).toISOString(),
    call_end_time: new Date(now + 3_600_000).toISOString(),
  })
  return conference.id
}

/** Enters the meeting room at once, with camera and microphone; query as in meetingOptions.ts. */
export async function enter(page, conference, query) {
  await page.goto(`/conferences/${conference}/meeting?prejoin=0&${query}`)
  await page.waitForFunction(() => window.__salon?.room?.state === 'connected', undefined, { timeout: 60_000 })
}
