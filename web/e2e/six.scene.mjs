// Six people meet: the whole way from signing up to the notes that stay.
import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { stats, until } from './browser.mjs'
import { api, foundClub, schedule, signUp } from './club.mjs'
import { disguise } from './disguise.mjs'
import { pictures, portrait, scene } from './stage.mjs'

const names = ['하늘', '바다', 'Ann', '지우', 'Ben', '민준']

const written = [
  { by: 3, text: '동호의 장을 "너"라고 부르는 까닭이 궁금했어요.' },
  { by: 2, text: 'The second chapter is told by someone who is dead already.' },
  { by: 0, text: '다음에는 3장부터 읽습니다.' },
]

/** Small enough for two cores to encode once and decode five times, six times over. */
const capture = 'capture=320x180@10'

/** UPDATE_SCREENSHOT=1 replaces the picture in the README, and makes the people presentable. */
const forReadme = Boolean(process.env.UPDATE_SCREENSHOT)

scene('six people meet, talk, write and leave', { minutes: 8 }, async ({ salon, person, pages }) => {
  for (const [i, name] of names.entries()) {
    const page = await person({ width: 1280, height: 760 })
    if (forReadme) await disguise(page.context(), i)
    await signUp(page, name)
  }
  const [founder] = pages
  const club = await foundClub(founder, '함께 읽는 저녁')
  const conference = await schedule(founder, club, '『소년이 온다』 첫 번째 모임')
  const identities = await Promise.all(pages.map(async (page) => `user-${(await api(page, 'GET', '/me')).id}`))

  for (const page of pages) await enterFromClubPage(page, club)
  await everyoneSeesAndHears(pages, salon)

  const wait = { pages, salon }
  const tile = (page, i) => page.locator(`[data-testid=participant-tile][data-identity="${identities[i]}"]`).first()
  const others = (i) => pages.filter((_, k) => k !== i)

  await pages[0].getByTestId('mic-toggle').click()
  for (const page of others(0))
    await until('the muted one is shown as muted', () => tile(page, 0).getAttribute('data-muted'), (m) => m === 'true', wait)

  await pages[1].getByTestId('screen-toggle').click()
  for (const page of others(1))
    await until('the shared screen is decoded', () => decoding(page), (n) => n === 6, { ...wait, within: 90_000 })
  await pages[1].getByTestId('screen-toggle').click()

  for (const page of pages) await page.getByTestId('chat-open').click()
  await pages[2].getByTestId('chat-input').fill('which chapter? 몇 장이죠?')
  await pages[2].getByTestId('chat-send').click()
  for (const page of pages)
    await until('the chat message is there', () => page.getByTestId('chat-message').allInnerTexts(), (all) => all.some((t) => t.includes('몇 장이죠?')), wait)

  for (const page of pages) await page.getByTestId('notes-open').click()
  for (const { by, text } of written) {
    await pages[by].getByTestId('note-input').fill(text)
    await pages[by].getByTestId('note-submit').click()
    for (const page of pages)
      await until('the note is there', () => page.getByTestId('note-item').allInnerTexts(), (all) => all.some((t) => t.includes(text)), wait)
  }

  await picture(pages[2])

  await pages[4].getByTestId('leave').click()
  for (const page of others(4))
    await until('who left is gone', () => tile(page, 4).count(), (n) => n === 0, wait)
  await until('the node counts five', () => salon.metric('salon_participants'), (n) => n === 5, wait)

  const notes = await api(founder, 'GET', `/conferences/${conference}/notes`)
  assert.deepEqual(notes.items.map((n) => [n.speaker.nickname, n.text]), written.map(({ by, text }) => [names[by], text]))
})

/** Joins the club when it is not one's own, and goes into the meeting from the club's page. */
async function enterFromClubPage(page, club) {
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
  await page.goto(`${page.url()}?${capture}`)
  await page.getByTestId('prejoin-join').click()
  await page.waitForFunction(() => window.__salon?.room?.state === 'connected', undefined, { timeout: 60_000 })
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
async function picture(page) {
  await mkdir(pictures, { recursive: true })
  await page.mouse.move(0, 0)
  await page.screenshot({ path: forReadme ? portrait : join(pictures, 'meeting.png') })
}
