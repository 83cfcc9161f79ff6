// End-to-end encryption: the pages encrypt each frame with a key that the node does not have. The web app does not
// offer it; clients of the protocol do, and the node has to carry what it cannot read.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { smooth, stats, until } from './browser.mjs'
import { api, quickConference } from './club.mjs'
import { movingPicture } from './moving.mjs'
import { scene } from './stage.mjs'

const client = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', 'livekit-client', 'dist')
const capture = 'capture=480x270@10'

scene('two people and a key of their own', {}, async ({ salon, person, pages }) => {
  await person({ bypassCSP: true })
  await person({ bypassCSP: true })
  const conference = await quickConference(pages)
  for (const page of pages) {
    await page.route('**/livekit/*', async (route) => {
      const body = await readFile(join(client, route.request().url().split('/').at(-1)))
      await route.fulfill({ body, contentType: 'text/javascript' })
    })
    await page.addInitScript(movingPicture)
    await page.goto(`/sign-in?${capture}`)
    const place = await api(page, 'POST', `/conferences/${conference}/join`)
    assert.equal(await page.evaluate(meet, place), true, 'the room encrypts')
  }
  for (const page of pages)
    await until(
      'encrypted pictures are decoded',
      () => stats(page),
      (s) => s.video.some((v) => v.codec === 'video/VP8' && v.frames > 20) && s.audio.some((a) => a.energy > 0),
      { pages, salon, within: 90_000 },
    )
  await Promise.all(pages.map(smooth))
})

/** Runs in the page: enters with camera and microphone, encrypting, and tells whether it does. */
async function meet({ url, token }) {
  const { Room, ExternalE2EEKeyProvider } = await import('/livekit/livekit-client.esm.mjs')
  const keyProvider = new ExternalE2EEKeyProvider()
  await keyProvider.setKey('between these two')
  const room = new Room({
    encryption: { keyProvider, worker: new Worker('/livekit/livekit-client.e2ee.worker.mjs', { type: 'module' }) },
    publishDefaults: { videoCodec: 'vp8', simulcast: false },
  })
  room.on('trackSubscribed', (track) => document.body.append(track.attach()))
  await room.setE2EEEnabled(true)
  await room.connect(url, token)
  await room.localParticipant.enableCameraAndMicrophone()
  return room.isE2EEEnabled && room.localParticipant.isE2EEEnabled
}
