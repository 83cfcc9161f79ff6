// A Firefox and a Chromium page in one meeting: each decodes the other's picture and hears its voice. Firefox
// publishes VP8 whatever it is asked for; it takes what Chromium publishes.
import assert from 'node:assert/strict'
import { smooth, stats, until } from './browser.mjs'
import { enter, quickConference } from './club.mjs'
import { movingPicture } from './moving.mjs'
import { scene } from './stage.mjs'

const visits = {
  'VP8 over one connection': 'spc=1&codec=vp8&simulcast=1&capture=480x270@10',
  'VP9 over two connections': 'spc=0&codec=vp9&simulcast=0&capture=480x270@10',
  'AV1 over one connection': 'spc=1&codec=av1&simulcast=0&capture=480x270@10',
}

for (const [name, query] of Object.entries(visits)) {
  scene(`Firefox and Chromium, ${name}`, {}, async ({ salon, person, personInFirefox, pages }) => {
    const [chromium, firefox] = [await person(), await personInFirefox()]
    const conference = await quickConference(pages)
    for (const page of pages) {
      await page.addInitScript(movingPicture)
      await enter(page, conference, query)
    }
    const codec = /codec=(\w+)/.exec(query)[1].toUpperCase()
    for (const [page, takes] of [[firefox, codec], [chromium, 'VP8']]) {
      const now = await until(
        `${takes} is decoded`,
        () => stats(page),
        (s) => s.video.some((v) => v.codec === `video/${takes}` && v.frames > 20) && s.audio.some((a) => a.energy > 0),
        { pages, salon, within: 90_000 },
      )
      assert.deepEqual([...new Set(now.ciphers)], ['SRTP_AEAD_AES_128_GCM'], 'SRTP cipher')
    }
    await Promise.all(pages.map(smooth))
  })
}
