// Two people per codec and protocol version: each decodes the other, encrypted with AES-GCM.
import assert from 'node:assert/strict'
import { smooth, stats, until } from './browser.mjs'
import { enter, quickConference } from './club.mjs'
import { movingPicture } from './moving.mjs'
import { scene } from './stage.mjs'

const versions = { 'one connection': 'spc=1', 'two connections': 'spc=0' }

const codecs = {
  VP8: 'codec=vp8&simulcast=1&capture=1280x720@15',
  H264: 'codec=h264&simulcast=0&capture=480x270@10',
  VP9: 'codec=vp9&simulcast=0&capture=480x270@10',
  AV1: 'codec=av1&simulcast=0&capture=480x270@10',
}

for (const [version, how] of Object.entries(versions)) {
  for (const [codec, query] of Object.entries(codecs)) {
    scene(`${codec} over ${version}`, {}, async ({ salon, person, pages }) => {
      await person()
      await person()
      const conference = await quickConference(pages)
      for (const page of pages) {
        // Frames of several packets, but where three layers are enough work.
        if (codec !== 'VP8') await page.addInitScript(movingPicture)
        await enter(page, conference, `${query}&${how}`)
      }
      for (const page of pages) {
        const now = await until(
          `${codec} is decoded`,
          () => stats(page),
          (s) => s.video.some((v) => v.codec === `video/${codec}` && v.frames > 20) && s.audio.some((a) => a.energy > 0),
          { pages, salon, within: 90_000 },
        )
        assert.deepEqual([...new Set(now.ciphers)], ['SRTP_AEAD_AES_128_GCM'], 'SRTP cipher')
        assert.equal(now.states.length, how === 'spc=1' ? 1 : 2, `connections: ${now.states}`)
        if (codec === 'VP8') assert.equal(now.out.filter((o) => o.kind === 'video' && o.rid).length, 3, 'simulcast layers')
      }
      await Promise.all(pages.map(smooth))
    })
  }
}
