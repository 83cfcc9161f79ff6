// Who may not come in hears why, and nobody else in the room notices.
import assert from 'node:assert/strict'
import { stats, until } from './browser.mjs'
import { api, enter, quickConference } from './club.mjs'
import { scene } from './stage.mjs'

scene('wrong tokens, strangers and second windows', { minutes: 4 }, async ({ salon, person, pages }) => {
  const [ann] = [await person({ bypassCSP: true }), await person()]
  const conference = await quickConference(pages)
  const stranger = await person()
  await api(stranger, 'POST', '/users', { nickname: 'stranger', password: 'reading!1' })
  for (const page of pages.slice(0, 2)) await enter(page, conference, 'capture=320x180@5')
  const wait = { pages, salon }
  await until('the two see each other', async () => (await stats(ann)).video.some((v) => v.frames > 5), Boolean, wait)

  // From another origin and without our page's own fences, as a page of somebody else's would: the refusal
  // must be readable there.
  const elsewhere = salon.url.replace('localhost', '127.0.0.1').replace('http', 'ws')
  for (const bad of ['', 'nonsense', await tampered(ann)])
    for (const singlePeerConnection of [true, false]) {
      const refusal = await ann.evaluate(connect, { url: elsewhere, token: bad, singlePeerConnection })
      // 0 is the client's "not allowed", which ends its attempts; 1 would be "unreachable".
      assert.deepEqual([refusal?.reason, refusal?.status], [0, 401], `token ${JSON.stringify(bad.slice(0, 12))}: ${JSON.stringify(refusal)}`)
    }

  const res = await stranger.request.post(`/api/v1/conferences/${conference}/join`)
  assert.equal(res.status(), 403)
  assert.equal((await res.json()).code, 'not_a_member')
  await stranger.goto(`/conferences/${conference}/meeting?prejoin=0`)
  await stranger.getByTestId('join-error').waitFor()

  const second = await ann.context().newPage()
  pages.push(second)
  await enter(second, conference, 'capture=320x180@5')
  await until('the first window says where the meeting went', () => ann.getByTestId('meeting-ended').getAttribute('data-ending'), (e) => e === 'elsewhere', wait)
  await until('still two', () => salon.metric('salon_participants'), (n) => n === 2, wait)
  await until('the second window sees the other person', async () => (await stats(second)).video.some((v) => v.frames > 5), Boolean, wait)
})

/** Runs in the page: connects a second room of the stock client and gives its refusal. */
async function connect({ url, token, singlePeerConnection }) {
  const Room = window.__salon.room.constructor
  const room = new Room({ singlePeerConnection })
  try {
    await room.connect(url, token, { maxRetries: 0 })
    await room.disconnect()
    return undefined
  } catch (err) {
    return { reason: err.reason, status: err.status, message: err.message }
  }
}

/** A token that says something else than what was signed. */
async function tampered(page) {
  const token = await page.evaluate(() => window.__salon.room.engine?.token ?? '')
  const [head, , signature] = (token || 'e30.e30.e30').split('.')
  const claims = { sub: 'user-1', exp: 4e9, video: { roomJoin: true, room: 'conference-1' } }
  return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
}
