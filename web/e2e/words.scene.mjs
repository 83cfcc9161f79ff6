// Chat, streams and remote calls of the stock client between two people.
import assert from 'node:assert/strict'
import { until } from './browser.mjs'
import { enter, quickConference } from './club.mjs'
import { scene } from './stage.mjs'

for (const how of ['spc=1', 'spc=0']) {
  scene(`text, bytes and calls travel between two clients (${how})`, {}, async ({ salon, person, pages }) => {
    const [ann, ben] = [await person(), await person()]
    const conference = await quickConference(pages)
    for (const page of pages) await enter(page, conference, `capture=320x180@5&${how}`)
    const wait = { pages, salon }
    for (const page of pages)
      await until('the other one is there', () => page.evaluate(() => window.__salon.room.remoteParticipants.size), (n) => n === 1, wait)

    // The fake microphone beeps once a second: loud enough to be shown as speaking.
    for (const page of pages)
      await until('somebody is heard speaking', () => page.evaluate(() => window.__salon.room.activeSpeakers.length), (n) => n > 0, wait)

    const toBen = await ben.evaluate(() => {
      const { room } = window.__salon
      window.__heard = []
      room.registerRpcMethod('double', async (call) => String(Number(call.payload) * 2))
      room.registerTextStreamHandler('test.text', async (reader, from) => window.__heard.push([from.identity, await reader.readAll()]))
      return room.localParticipant.identity
    })
    const answer = await ann.evaluate(
      (destinationIdentity) => window.__salon.room.localParticipant.performRpc({ destinationIdentity, method: 'double', payload: '21', responseTimeout: 20_000 }),
      toBen,
    )
    assert.equal(answer, '42')
    const refused = await ann.evaluate(
      (destinationIdentity) => window.__salon.room.localParticipant.performRpc({ destinationIdentity, method: 'none', payload: '' }).catch((err) => err.code),
      toBen,
    )
    assert.equal(refused, 1400, 'a call of a method nobody serves')

    // 40 kB: more than one chunk of a stream.
    const long = '긴 글 '.repeat(4000)
    const from = await ann.evaluate(async (text) => {
      const me = window.__salon.room.localParticipant
      await me.sendText(text, { topic: 'test.text' })
      return me.identity
    }, long)
    const heard = await until('the text has arrived', () => ben.evaluate(() => window.__heard), (all) => all.length === 1, wait)
    assert.deepEqual(heard, [[from, long]])
  })
}
