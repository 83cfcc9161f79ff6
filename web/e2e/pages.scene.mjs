// Every page in Korean and English, on a phone and on a desk, by day and by night: nothing sticks out, axe finds
// nothing serious, and a keyboard is enough. The pictures stay in build/e2e.
import assert from 'node:assert/strict'
import { schedule } from './club.mjs'
import { look, seen, step, tour, views } from './look.mjs'
import { scene } from './stage.mjs'
import { enterAs, furnish } from './world.mjs'

scene('every page fits everybody', {}, async ({ person }) => {
  const crew = []
  for (let i = 0; i < 4; i++) crew.push(await person())
  const world = await furnish(...crew)
  for (const page of crew) await page.close()
  for (const pair of [views.slice(0, 2), views.slice(2)]) await Promise.all(pair.map(async (view) => walk(await seen(person, view), world)))
})

/** As a visitor and as the owner of a club, from page to page. */
async function walk(page, { club, poems, conference, friend, other }) {
  const { stop, end } = tour()
  const visit = (path, name) =>
    stop(async () => {
      await step(page, path)
      await look(page, name)
    })
  await page.goto('/')
  for (const path of ['/', '/sign-in', '/sign-up', '/nowhere']) await visit(path, path.slice(1) || 'welcome')
  await visit(`/clubs/${club.id}`, 'club-visitor')
  await enterAs(page, '책읽는하늘')
  await page.goto('/')
  const pages = {
    home: '/',
    clubs: '/clubs?category=novel&weekday=mon',
    'clubs-nothing': '/clubs?q=없는낱말',
    club: `/clubs/${club.id}`,
    'club-other': `/clubs/${poems.id}`,
    'club-new': '/clubs/new',
    'club-schedule': `/clubs/${club.id}/schedule`,
    profile: '/me',
    user: `/users/${friend.id}`,
    'user-empty': `/users/${other.id}`,
  }
  for (const [name, path] of Object.entries(pages)) await visit(path, name)
  for (const part of ['', 'schedule', 'notices', 'rules', 'members', 'reports', 'log', 'end']) await visit(`/clubs/${club.id}/manage${part && `/${part}`}`, `manage-${part || 'about'}`)
  await page.goto(`/conferences/${conference.id}/meeting?capture=320x180@5`)
  await page.getByTestId('prejoin-join').waitFor()
  await stop(() => look(page, 'lobby'))
  end()
}

scene('the meeting room fits a phone and a desk', {}, async ({ person }) => {
  const crew = []
  for (let i = 0; i < 4; i++) crew.push(await person())
  const { conference } = await furnish(...crew)
  for (const page of crew) await page.close()
  for (const view of [views[0], views[3]]) {
    const page = await seen(person, view)
    await enterAs(page, '책읽는하늘')
    await page.goto(`/conferences/${conference.id}/meeting?capture=320x180@5`)
    await page.getByTestId('prejoin-join').click()
    await page.getByTestId('meeting-room').waitFor()
    for (const panel of ['chat-open', 'notes-open', 'people-open']) {
      await page.getByTestId(panel).click()
      await look(page, `meeting-${panel}`, { full: false })
    }
    await page.close()
  }
})

scene('a keyboard is enough', {}, async ({ person }) => {
  const page = await person()
  await page.goto('/sign-up')
  await tabTo(page, 'sign-up-nickname')
  await page.keyboard.type('keys')
  await tabTo(page, 'sign-up-password')
  await page.keyboard.type('reading!1')
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-up'))
  await tabTo(page, 'create-club')
  await page.keyboard.press('Enter')
  await page.getByTestId('club-title').waitFor()
  await tabTo(page, 'club-title')
  await page.keyboard.type('Typists')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/clubs\/\d+$/)
  const conference = await schedule(page, Number(page.url().split('/').at(-1)), 'Typed')
  await page.goto(`/conferences/${conference}/meeting?capture=320x180@5`)
  await page.getByTestId('prejoin-join').waitFor()
  await tabTo(page, 'prejoin-join')
  await page.keyboard.press('Enter')
  await page.getByTestId('meeting-room').waitFor()
  for (const button of ['mic-toggle', 'notes-open', 'leave']) await tabTo(page, button)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/conferences\/\d+$/)
})

/** Presses Tab until the focus is there. */
async function tabTo(page, testId) {
  const focused = () => page.evaluate(() => document.activeElement?.closest('[data-testid]')?.getAttribute('data-testid'))
  await page.getByTestId(testId).first().waitFor()
  for (let presses = 0; presses < 80; presses++) {
    if ((await focused()) === testId) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`no way to ${testId} by the Tab key`)
}
