// Where a firewall lets no UDP through, media goes over TCP.
import assert from 'node:assert/strict'
import { smooth, stats, until } from './browser.mjs'
import { enter, quickConference } from './club.mjs'
import { movingPicture } from './moving.mjs'
import { scene } from './stage.mjs'

scene('without UDP', {}, async ({ salon, person, personInFirefox, pages }) => {
  await person()
  await person()
  await personInFirefox()
  const conference = await quickConference(pages)
  for (const page of pages) {
    await page.addInitScript(withoutUDP)
    await page.addInitScript(movingPicture)
    await enter(page, conference, 'capture=480x270@10&spc=0')
  }
  for (const page of pages)
    await until(
      'two pictures are decoded and two voices heard',
      () => stats(page),
      (s) => s.video.filter((v) => v.frames > 20).length === 2 && s.audio.filter((a) => a.energy > 0).length === 2,
      { pages, salon },
    )
  await Promise.all(pages.map(smooth))
  const networks = new Set([...salon.log(1000).matchAll(/"network":"(\w+)"/g)].map((found) => found[1].slice(0, 3)))
  assert.deepEqual([...networks], ['tcp'], 'networks of the connections')
  assert.equal(await salon.metric('salon_tcp_dropped_datagrams_total'), 0, 'datagrams dropped')
})

/** Runs in the page before its own scripts: neither side hears of the other's UDP candidates. */
function withoutUDP() {
  const Native = window.RTCPeerConnection
  const isUDP = (candidate) => / udp /i.test(candidate ?? '')
  const strip = ({ type, sdp }) => ({ type, sdp: sdp.split('\r\n').filter((l) => !(l.startsWith('a=candidate:') && isUDP(l))).join('\r\n') })
  window.RTCPeerConnection = class extends Native {
    async createOffer(...args) {
      return strip(await super.createOffer(...args))
    }
    async createAnswer(...args) {
      return strip(await super.createAnswer(...args))
    }
    setRemoteDescription(d) {
      return super.setRemoteDescription(strip(d))
    }
    async addIceCandidate(c) {
      if (!isUDP(c?.candidate)) await super.addIceCandidate(c)
    }
    set onicecandidate(f) {
      super.onicecandidate = f && ((event) => isUDP(event.candidate?.candidate) || f.call(this, event))
    }
  }
}
