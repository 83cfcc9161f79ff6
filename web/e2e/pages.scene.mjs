// Every page on a phone and on a desk, in Korean: nothing sticks out, and a keyboard is enough.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { api, foundClub, schedule, signUp } from './club.mjs'
import { pictures, scene } from './stage.mjs'

const sizes = { phone: { width: 360, height: 780 }, desk: { width: 1440, height: 900 } }

for (const [device, size] of Object.entries(sizes)) {
  scene(`pages fit a ${device}`, {}, async ({ person }) => {
    const page = await person({ ...size, language: null })
    const look = async (name) => {
      await page.waitForLoadState('networkidle')
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'ko', 'language of the page')
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      await mkdir(join(pictures, device), { recursive: true })
      await page.screenshot({ path: join(pictures, device, `${name}.png`), fullPage: true })
      assert.ok(over <= 0, `${name} is ${over} px wider than a ${device}; see build/e2e/${device}/${name}.png`)
    }
    for (const path of ['/', '/sign-in', '/sign-up', '/nowhere']) {
      await page.goto(path)
      await look(path.slice(1) || 'welcome')
    }
    await signUp(page, '책읽는하늘')
    const club = await foundClub(page, '아주 긴 이름을 가진, 그러나 읽기는 천천히 하는 저녁 모임')
    await look('club')
    const conference = await schedule(page, club, '『소년이 온다』 첫 번째 모임')
    await api(page, 'POST', `/conferences/${conference}/notes`, { text: '가'.repeat(300) })
    for (const path of ['/', `/clubs/${club}`, '/clubs/new', `/clubs/${club}/schedule`, `/conferences/${conference}`, `/conferences/${conference}/edit`]) {
      await page.goto(path)
      await look(path.replaceAll(/[^a-z]+/g, '-').replaceAll(/^-|-$/g, '') || 'home')
    }
    await page.goto(`/conferences/${conference}/meeting?capture=320x180@5`)
    await page.getByTestId('prejoin-join').waitFor()
    await look('lobby')
    await page.getByTestId('prejoin-join').click()
    await page.getByTestId('meeting-room').waitFor()
    for (const panel of ['chat-open', 'notes-open', 'people-open']) {
      await page.getByTestId(panel).click()
      await look(`meeting-${panel}`)
    }
  })
}

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
