// Where a firewall lets no UDP through, media goes over TCP.
import assert from 'node:assert/strict'
import { smooth, stats, until } from './browser.mjs'
import { enter, quickConference } from './club.mjs'
import { movingPicture } from './moving.mjs'
import { scene } from './stage.mjs'

const withoutUDP = ['--force-webrtc-ip-handling-policy=disable_non_proxied_udp']

for (const [version, how] of Object.entries({ 'one connection': 'spc=1', 'two connections': 'spc=0' }))
  scene(`without UDP, over ${version}`, { browserFlags: withoutUDP }, async ({ salon, person, pages }) => {
    await person()
    await person()
    const conference = await quickConference(pages)
    for (const page of pages) {
      await page.addInitScript(movingPicture)
      await enter(page, conference, `capture=480x270@10&${how}`)
    }
    for (const page of pages)
      await until('pictures are decoded and voices heard', () => stats(page), (s) => s.video.some((v) => v.frames > 20) && s.audio.some((a) => a.energy > 0), { pages, salon })
    await Promise.all(pages.map(smooth))
    assert.ok((await salon.metric('salon_tcp_connections')) >= 2, 'connections over TCP')
    assert.equal(await salon.metric('salon_tcp_dropped_datagrams_total'), 0, 'datagrams dropped')
  })
