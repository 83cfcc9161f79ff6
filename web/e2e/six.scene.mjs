// Six people meet: the whole way from signing up to the notes that stay.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { stats, until } from './browser.mjs'
import { api, foundClub, schedule, signUp } from './club.mjs'
import { disguise } from './disguise.mjs'
import { giveEars, say } from './hearing.mjs'
import { pictures, portrait, scene } from './stage.mjs'

const names = ['하늘', '바다', 'Ann', '지우', 'Ben', '민준']

const written = [
  { by: 3, text: '동호의 장을 "너"라고 부르는 까닭이 궁금했어요.' },
  { by: 2, text: 'The second chapter is told by someone who is dead already.' },
  { by: 0, text: '다음에는 3장부터 읽습니다.' },
]

/** Who has captions on, with a microphone that is on, and what they say. */
const speaking = 3
const spoken = '양심이라는 말이 오래 남았어요.'

/**
 * How far the attendance may be from the truth, in seconds. The truth begins between the knock at the door and being let
 * in, and ends between the wish to leave and having left: six browsers on two cores take their time for both.
 */
const tolerance = 2

/** Small enough for two cores to encode once and decode five times, six times over. */
const capture = 'capture=320x180@6'

/** Whose page is photographed; the others have smaller windows, which are drawn by the same two cores. */
const photographed = 2

/** UPDATE_SCREENSHOT=1 replaces the picture in the README, and makes the people presentable. */
const forReadme = Boolean(process.env.UPDATE_SCREENSHOT)

scene('six people meet, talk, write and leave', { minutes: 8 }, async ({ salon, person, pages }) => {
  for (const i of names.keys()) {
    const page = await person(i === photographed || forReadme ? { width: 1280, height: 760 } : { width: 800, height: 600 })
    if (forReadme) await disguise(page.context(), i)
    await giveEars(page)
  }
  await each(pages, (page, i) => signUp(page, names[i]))
  const [founder] = pages
  const club = await foundClub(founder, '함께 읽는 저녁')
  const book = await api(founder, 'POST', '/books', { title: '소년이 온다', author: '한강', pages: 216, category: 'novel' })
  await api(founder, 'PATCH', `/clubs/${club}`, { book_id: book.id })
  const conference = await schedule(founder, club, '『소년이 온다』 첫 번째 모임')
  const identities = await Promise.all(pages.map(async (page) => `user-${(await api(page, 'GET', '/me')).id}`))

  await each(pages, (page) => comeToTheDoor(page, club))
  for (const page of pages) await knock(page)
  await everyoneSeesAndHears(pages, salon)

  const wait = { pages, salon }
  const tile = (page, i) => page.locator(`[data-testid=participant-tile][data-identity="${identities[i]}"]`).first()
  const others = (i) => pages.filter((_, k) => k !== i)

  await pages[0].getByTestId('mic-toggle').click()
  await each(others(0), (page) =>
    until('the muted one is shown as muted', () => tile(page, 0).getAttribute('data-muted'), (m) => m === 'true', wait))

  await pages[1].getByTestId('screen-toggle').click()
  await each(others(1), (page) =>
    until('the shared screen is decoded', () => decoding(page), (n) => n === 6, { ...wait, within: 90_000 }))
  await pages[1].getByTestId('screen-toggle').click()

  // What follows needs no pictures, and two cores have other things to do than to draw thirty.
  if (!forReadme) await each(others(photographed), (page) => page.getByTestId('camera-toggle').click())
  await each(pages, (page) => page.getByTestId('chat-open').click())
  await pages[2].getByTestId('chat-input').fill('which chapter? 몇 장이죠?')
  await pages[2].getByTestId('chat-send').click()
  await each(pages, (page) =>
    until('the chat message is there', () => page.getByTestId('chat-message').allInnerTexts(), (all) => all.some((t) => t.includes('몇 장이죠?')), wait))

  await each(pages, (page) => page.getByTestId('notes-open').click())
  for (const { by, text } of written) {
    await pages[by].getByTestId('note-input').fill(text)
    await pages[by].getByTestId('note-submit').click()
    await each(pages, (page) =>
      until('the note is there', () => page.getByTestId('note-item').allInnerTexts(), (all) => all.some((t) => t.includes(text)), wait))
  }

  await pages[speaking].getByTestId('captions-switch').click({ force: true })
  await say(pages[speaking], spoken)
  await each(pages, (page) =>
    until('what was said is a note', () => page.getByTestId('note-item').allInnerTexts(), (all) => all.some((t) => t.includes(spoken)), wait))
  const runs = await Promise.all(others(speaking).map((page) => page.evaluate(() => window.__ears.run)))
  assert.ok(runs.every((run) => run === undefined), 'captions are each person’s own choice')
  await pages[speaking].getByTestId('captions-off').click()

  await picture(pages[photographed])

  await leave(pages[4])
  await each(others(4), (page) =>
    until('who left is gone', () => tile(page, 4).count(), (n) => n === 0, wait))
  await until('the node counts five', () => salon.metric('salon_participants'), (n) => n === 5, wait)

  await each(others(4), leave)
  const notes = await api(founder, 'GET', `/conferences/${conference}/notes`)
  const told = [...written.map(({ by, text }) => ['typed', names[by], text]), ['caption', names[speaking], spoken]]
  assert.deepEqual(notes.items.map((n) => [n.source, n.speaker.nickname, n.text]), told)
  await remembered(founder, club, pages, told.length)
})

/** Leaves the meeting, and remembers when. */
async function leave(page) {
  page.leaving = await page.evaluate(() => Date.now())
  await page.getByTestId('leave').click()
  await page.waitForURL(/\/conferences\/\d+$/)
  page.left = await page.evaluate(() => window.__left)
}

/** The club's history shows the book, everybody who came for as long as they were there, and the notes. */
async function remembered(page, club, pages, notes) {
  await page.goto(`/clubs/${club}/history`)
  const entry = page.getByTestId('history-entry')
  await until('all six are in the history, and gone', async () => (await api(page, 'GET', `/clubs/${club}/history`)).items[0]?.attendance ?? [], (all) => all.length === names.length && all.every((a) => !a.present))
  await page.reload()
  await entry.waitFor()
  const text = await entry.innerText()
  assert.match(text, /소년이 온다/)
  assert.match(text, new RegExp(`Notes: ${notes}`))
  const shown = await entry.getByTestId('history-person').evaluateAll((all) => all.map((e) => [e.innerText, Number(e.dataset.seconds)]))
  for (const [i, name] of names.entries()) {
    const { knocked, came, leaving, left } = pages[i]
    const [least, most] = [(leaving - came) / 1000, (left - knocked) / 1000]
    const [, seconds] = shown.find(([who]) => who.includes(name)) ?? assert.fail(`${name} is not in the history: ${JSON.stringify(shown)}`)
    assert.ok(seconds >= least - tolerance && seconds <= most + tolerance, `${name} was there for ${least} to ${most} s, the history says ${seconds} s`)
  }
  await page.setViewportSize({ width: 1280, height: 760 })
  await picture(page, 'history-of-six.png')
}

/** With all of them at once: two cores have six people to serve, and a test that asks one after another waits six times. */
function each(pages, what) {
  return Promise.all(pages.map(what))
}

/** Joins the club when it is not one's own, and comes from the club's page to the meeting's door. */
async function comeToTheDoor(page, club) {
  await page.goto(`/clubs/${club}`)
  const card = page.getByTestId('conference-card').first()
  await card.waitFor()
  if (await page.getByTestId('club-join').isVisible()) {
    await page.getByTestId('club-join').click()
    await page.getByTestId('schedule-conference').waitFor()
  }
  await card.getByRole('link').first().click()
  await page.getByTestId('join-meeting').click()
  await page.waitForURL(/\/meeting/)
}

/** Goes in, once the person's own picture is small. */
async function knock(page) {
  await page.goto(`${page.url()}?${capture}`)
  page.knocked = await page.evaluate(watchTheDoor)
  await page.getByTestId('prejoin-join').click()
  await page.waitForFunction(() => window.__salon?.room?.state === 'connected', undefined, { timeout: 60_000 })
  page.came = await page.evaluate(() => window.__came)
}

/**
 * Notes in the page when its person is let in, which is before the first picture comes, and when they leave. By the
 * page's own clock: on a busy machine, the test hears of things seconds later.
 */
function watchTheDoor() {
  const looking = setInterval(() => {
    const room = window.__salon?.room
    if (!room) return
    clearInterval(looking)
    room.once('signalConnected', () => (window.__came = Date.now()))
    room.once('disconnected', () => (window.__left = Date.now()))
  }, 1)
  return Date.now()
}

/** Every page decodes the pictures of five others, still, and has heard each of them. */
async function everyoneSeesAndHears(pages, salon) {
  const look = () => Promise.all(pages.map(stats))
  let before = await look()
  const grown = (now) =>
    now.every((s, i) => {
      const old = new Map(before[i].video.map((v) => [v.id, v.frames]))
      return s.video.filter((v) => v.frames > (old.get(v.id) ?? 0)).length === 5 && s.audio.filter((a) => a.energy > 0).length === 5
    })
  const now = await until('six people decode five pictures and hear five voices each', look, grown, { pages, salon, within: 120_000 })
  // And once more from here, so that "grows" means now and not at the beginning.
  before = now
  await until('thirty pictures keep moving', look, grown, { pages, salon })
  const ciphers = new Set(now.flatMap((s) => s.ciphers))
  assert.deepEqual([...ciphers], ['SRTP_AEAD_AES_128_GCM'], 'SRTP ciphers')
}

/** How many incoming videos have been decoded and are being so. */
async function decoding(page) {
  const first = new Map((await stats(page)).video.map((v) => [v.id, v.frames]))
  await page.waitForTimeout(1500)
  return (await stats(page)).video.filter((v) => v.frames > (first.get(v.id) ?? 0)).length
}

/** The picture of the README is only replaced on demand. */
async function picture(page, name = 'meeting.png') {
  await mkdir(pictures, { recursive: true })
  await page.mouse.move(0, 0)
  await page.screenshot({ path: forReadme && name === 'meeting.png' ? portrait : join(pictures, name) })
}
