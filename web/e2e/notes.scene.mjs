// Notes typed together.
import assert from 'node:assert/strict'
import { until } from './browser.mjs'
import { api, quickConference } from './club.mjs'
import { scene } from './stage.mjs'

const texts = (page) => page.getByTestId('note-text').allInnerTexts()

scene('two people edit one note at once, and nothing is lost', {}, async ({ person, pages }) => {
  const [owner, author] = [await person(), await person()]
  const conference = await quickConference(pages)
  await api(author, 'POST', `/conferences/${conference}/notes`, { text: '동호의 장은 너라고 부른다.' })
  for (const page of pages) {
    await page.goto(`/conferences/${conference}`)
    await page.getByTestId('note-edit').click()
  }
  const box = (page) => page.getByTestId('note-edit-text')
  await box(owner).fill('동호의 첫 장은 너라고 부른다.')
  await box(author).fill('동호의 장은 너라고 부른다. 왜일까?')
  await Promise.all(pages.map((page) => page.getByTestId('note-save').click()))
  const both = '동호의 첫 장은 너라고 부른다. 왜일까?'
  for (const page of pages) await until('both edits are there', () => texts(page), (all) => all.length === 1 && all[0] === both, { pages, within: 20_000 })
  assert.equal((await api(owner, 'GET', `/conferences/${conference}/notes`)).items[0].text, both)

  // The same words differently: both stay, one behind the other.
  for (const page of pages) await page.getByTestId('note-edit').click()
  await box(owner).fill(both.replace('왜일까?', '누구일까?'))
  await box(author).fill(both.replace('왜일까?', '언제일까?'))
  await Promise.all(pages.map((page) => page.getByTestId('note-save').click()))
  for (const page of pages)
    await until('both changes stand', () => texts(page), ([text]) => ['누구일까?', '언제일까?'].every((w) => text.includes(w)), { pages, within: 20_000 })

  // Deleted under somebody's hands: what is typed is written as a new note.
  await author.getByTestId('note-edit').click()
  await box(author).fill('지워져도 남을 말')
  await owner.getByTestId('note-delete').click()
  await owner.getByTestId('confirm-yes').click()
  await until('the author is told', () => author.getByRole('status').allInnerTexts(), (all) => all.some((t) => /deleted/.test(t)), { pages, within: 20_000 })
  await author.getByTestId('note-save').click()
  await until('it stands anew', () => texts(author), (all) => all.length === 1 && all[0] === '지워져도 남을 말', { pages, within: 20_000 })
})
