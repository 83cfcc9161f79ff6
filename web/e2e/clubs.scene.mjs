// What people do with clubs, as they do it: found one, run it, wait for it, hand it over, close it; and what they do
// with themselves. Each story is played by two pairs of people at once, who differ in language and in size.
import assert from 'node:assert/strict'
import { until } from './browser.mjs'
import { api, signIn, signUp } from './club.mjs'
import { look, seen, views } from './look.mjs'
import { scene } from './stage.mjs'
import { join } from './world.mjs'

/** Plays the story in these views at once; their names tell the people apart. */
async function inViews(person, names, story) {
  const chosen = views.filter((view) => names.includes(view.name))
  await Promise.all(chosen.map(async (view) => story(await seen(person, view), await seen(person, view), view.name)))
}

const manage = async (page, part) => {
  await page.getByTestId(`manage-${part}`).click()
  await page.waitForURL(new RegExp(part === 'about' ? '/manage$' : `/manage/${part}$`))
}

const text = (page, testId) => page.getByTestId(testId).innerText()

scene('an owner runs a club', {}, async ({ person }) => {
  await inViews(person, ['ko-390', 'en-1280'], async (owner, friend, view) => {
    await signUp(owner, `o-${view}`)
    await join(friend, `f-${view}`)
    const club = await found(owner, view)
    await changedByTwo(owner, club)
    await wall(owner, club)
    await waitingLine(owner, friend, club, view)
    await reported(owner, friend, club)
    await handedOver(owner, friend, club, view)
  })
})

/** Founds a club that meets again and again, through the page. */
async function found(page, view) {
  await page.goto('/clubs/new')
  await page.getByTestId('club-submit').click()
  await page.locator('[data-testid="club-title"][aria-invalid="true"]').waitFor()
  await page.getByTestId('club-title').fill(`달빛 ${view}`)
  await page.getByTestId('club-summary').fill('느리게 읽어요')
  await page.getByTestId('club-regular').press('Space')
  await page.getByTestId('club-submit').click()
  await page.getByTestId('schedule-editor').getByRole('alert').waitFor()
  for (const day of ['mon', 'wed']) await page.getByTestId(`day-${day}`).click()
  await page.getByTestId('schedule-preview').locator('time').first().waitFor()
  await look(page, 'club-new-schedule')
  await page.getByTestId('club-submit').click()
  await page.waitForURL(/\/clubs\/\d+$/)
  const rhythm = await text(page, 'club-rhythm')
  assert.match(rhythm, view.startsWith('ko') ? /1주에 2번, 월 수/ : /twice a week, Mon and Wed/)
  return Number(page.url().split('/').at(-1))
}

/** Two people change the club at the same time: both changes stay. */
async function changedByTwo(page, club) {
  await page.getByTestId('club-manage').click()
  await page.getByTestId('club-detail').fill('모두 환영해요')
  await api(page, 'PATCH', `/clubs/${club}`, { summary: '다른 창에서 고침', join_rule: 'ask' })
  await page.getByTestId('club-save').click()
  await until('the other change is in the form', () => page.getByTestId('club-summary').inputValue(), (v) => v === '다른 창에서 고침', { within: 15_000 })
  assert.equal(await page.getByTestId('club-detail').inputValue(), '모두 환영해요')
  await look(page, 'manage-merged')
  await page.getByTestId('club-save').click()
  await until('both are kept', () => api(page, 'GET', `/clubs/${club}`), (c) => c.detail === '모두 환영해요' && c.summary === '다른 창에서 고침', { within: 15_000 })
}

/** Rules in their order and a notice appear on the club's page. */
async function wall(page, club) {
  await manage(page, 'rules')
  for (const rule of ['서로의 말을 끊지 않기', '늦어도 괜찮아요']) {
    await page.getByTestId('rule-text').fill(rule)
    await page.getByTestId('rule-submit').click()
    await page.getByTestId('rule-row').filter({ hasText: rule }).waitFor()
  }
  await page.getByTestId('rule-up').last().click()
  await until('the order has changed', () => page.getByTestId('rule-row').allInnerTexts(), (all) => all[0]?.includes('늦어도'), { within: 15_000 })
  await manage(page, 'notices')
  await page.getByTestId('notice-text').fill('첫 모임은 다음 주예요')
  await page.getByTestId('notice-submit').click()
  await page.getByTestId('notice-row').waitFor()
  await page.getByTestId('notice-edit').click()
  await page.getByTestId('notice-edit-text').fill('첫 모임은 다다음 주예요')
  await page.getByTestId('notice-edit-submit').click()
  await page.getByTestId('notice-row').filter({ hasText: '다다음' }).waitFor()
  await page.goto(`/clubs/${club}`)
  assert.match(await text(page, 'notice-list'), /다다음 주/)
  assert.match(await text(page, 'rule-list'), /늦어도[\s\S]*서로의/)
}

/** Somebody asks to join, gives up, asks again, and is let in. */
async function waitingLine(owner, friend, club, view) {
  await friend.goto(`/clubs/${club}`)
  await friend.getByTestId('club-join').click()
  await friend.getByTestId('waiting-state').waitFor()
  await look(friend, 'club-waiting')
  await friend.getByTestId('stop-waiting').click()
  await friend.getByTestId('confirm-yes').click()
  await friend.getByTestId('club-join').click()
  await friend.getByTestId('waiting-state').waitFor()
  await owner.goto(`/clubs/${club}/manage/members`)
  await owner.getByTestId('waiting-accept').click()
  await owner.getByTestId('member-list').getByText(`f-${view}`).waitFor()
  await friend.goto(`/clubs/${club}`)
  await friend.getByTestId('club-leave').waitFor()
}

/** A report of a member is sent from their page and settled on the owner's. */
async function reported(owner, friend, club) {
  const { id } = await api(friend, 'GET', '/me')
  await owner.goto(`/users/${id}`)
  await owner.getByTestId('report-open').click()
  await owner.getByTestId('report-reason').fill('광고를 올려요')
  await owner.getByTestId('report-send').click()
  await owner.getByTestId('report-reason').waitFor({ state: 'detached' })
  await owner.goto(`/clubs/${club}/manage/reports`)
  await owner.getByTestId('report-uphold').first().click()
  await owner.getByTestId('confirm-yes').click()
  await until('it is upheld', () => api(owner, 'GET', `/users/${id}`), (u) => u.report === true, { within: 15_000 })
}

/** The new owner may close the club, after typing its name; the old one may not even look. */
async function handedOver(owner, friend, club, view) {
  await manage(owner, 'log')
  await owner.getByTestId('audit-log').waitFor()
  await manage(owner, 'end')
  await owner.getByTestId('hand-over-to').click()
  await owner.getByRole('option', { name: `f-${view}` }).click()
  await owner.getByTestId('hand-over').click()
  await owner.getByTestId('confirm-yes').click()
  await owner.waitForURL(new RegExp(`/clubs/${club}$`))
  await owner.getByTestId('club-leave').waitFor()
  await owner.goto(`/clubs/${club}/manage`)
  await look(owner, 'manage-not-owner')
  await friend.goto(`/clubs/${club}/manage/end`)
  await friend.getByTestId('club-close').click()
  const yes = friend.getByTestId('confirm-yes')
  assert.ok(await yes.isDisabled(), 'a club is closed only after its name was typed')
  await friend.getByTestId('confirm-words').fill(`달빛 ${view}`)
  await look(friend, 'manage-close', { full: false })
  await yes.click()
  await friend.waitForURL((url) => url.pathname === '/')
  const gone = await friend.request.get(`/api/v1/clubs/${club}`)
  assert.equal(gone.status(), 404)
}

scene('people find each other and look after themselves', {}, async ({ person }) => {
  await inViews(person, ['en-390', 'ko-1280'], async (page, other, view) => {
    await signUp(page, `p-${view}`)
    await join(other, `q-${view}`)
    await profile(page, view)
    await feed(page)
    await finder(page, other, view)
  })
})

/** A name that is taken is refused and stays in the form; a picture is sent and shown; the password changes. */
async function profile(page, view) {
  await page.goto('/me')
  await page.getByTestId('profile-nickname').fill(`q-${view}`)
  const picture = await page.screenshot({ clip: { x: 0, y: 0, width: 200, height: 200 } })
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByTestId('picture-choose').click()])
  await chooser.setFiles({ name: 'me.png', mimeType: 'image/png', buffer: picture })
  await page.locator('form img[src^="/api/v1/pictures/"]').first().waitFor()
  await page.getByTestId('profile-save').click()
  await page.locator('[data-testid="profile-nickname"][aria-invalid="true"]').waitFor()
  assert.equal(await page.getByTestId('profile-nickname').inputValue(), `q-${view}`)
  await look(page, 'profile-refused')
  await page.getByTestId('profile-nickname').fill(`r-${view}`)
  await page.getByTestId('profile-save').click()
  await until('the profile is saved', () => api(page, 'GET', '/me'), (me) => me.nickname === `r-${view}` && me.user_img !== '', { within: 15_000 })
  await page.getByTestId('account-menu').locator('img').waitFor()
  await page.getByTestId('password-current').fill('wrong!11')
  await page.getByTestId('password-new').fill('morning!2')
  await page.getByTestId('password-save').click()
  await page.locator('.mantine-PasswordInput-error').waitFor()
  await page.getByTestId('password-current').fill('reading!1')
  await page.getByTestId('password-save').click()
  await until('the password has changed', () => page.getByTestId('password-current').inputValue(), (v) => v === '', { within: 15_000 })
  await page.getByTestId('account-menu').click()
  await page.getByTestId('sign-out').click()
  await page.waitForURL((url) => url.pathname === '/')
  await signIn(page, `r-${view}`, 'morning!2')
}

/** The address of the calendar works until it is changed. */
async function feed(page) {
  await page.goto('/me')
  const address = await page.getByTestId('feed-address').inputValue()
  const calendar = await page.request.get(address)
  assert.match(await calendar.text(), /^BEGIN:VCALENDAR/)
  await page.getByTestId('feed-reset').click()
  await page.getByTestId('confirm-yes').click()
  await until('there is a new address', () => page.getByTestId('feed-address').inputValue(), (v) => v !== address, { within: 15_000 })
  assert.equal((await page.request.get(address)).status(), 404)
}

/** Clubs are found by words and free seats; a lightning meeting is one press away. */
async function finder(page, other, view) {
  await api(other, 'POST', '/clubs', { title: `별빛 ${view}`, max_user: 1 })
  const club = await api(other, 'POST', '/clubs', { title: `햇빛 ${view}`, max_user: 3 })
  await page.goto('/clubs')
  await page.getByTestId('finder-words').fill(`빛 ${view}`)
  await page.getByTestId('finder-go').click()
  const titles = () => page.getByTestId('club-card').allInnerTexts()
  await until('both are found', titles, (all) => all.length === 2, { within: 15_000 })
  await page.getByTestId('finder-free').press('Space')
  await until('one has a seat', titles, (all) => all.length === 1 && all[0].includes('햇빛'), { within: 15_000 })
  await page.getByTestId('club-card').getByRole('link').click()
  await page.waitForURL(new RegExp(`/clubs/${club.id}$`))
  await page.getByTestId('club-join').click()
  await page.getByTestId('club-leave').waitFor()
  await page.goto('/')
  await page.getByTestId('lightning-start').click()
  await page.getByTestId('lightning-title').fill('지금 만나요')
  await look(page, 'lightning', { full: false })
  await page.getByTestId('lightning-submit').click()
  await page.waitForURL(/\/conferences\/\d+\/meeting$/)
  await page.getByTestId('prejoin-join').waitFor()
}
