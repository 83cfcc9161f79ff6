// Chromium with a fake camera and microphone, and what a test asks of a page in a meeting.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const places = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** One browser process; each person gets a context of their own in it. */
export async function openBrowser() {
  const executablePath = places.find((p) => p && existsSync(p))
  if (!executablePath) throw new Error('there is no Chromium: run `make setup`, or name one in CHROMIUM')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-networking',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
      '--mute-audio',
    ],
  })
}

/** A person with a window of their own, who sees pages in English unless told otherwise. */
export async function openPerson(browser, url, { width = 1024, height = 720, language = 'en', bypassCSP = false } = {}) {
  const context = await browser.newContext({ baseURL: url, viewport: { width, height }, locale: 'en-US', bypassCSP })
  await context.grantPermissions(['camera', 'microphone'], { origin: url })
  if (language) await context.addInitScript((chosen) => localStorage.setItem('salon-language', chosen), language)
  await context.addInitScript(keepConnections)
  const page = await context.newPage()
  page.notes = []
  page.refused = []
  await page.exposeFunction('__refused', (what) => page.refused.push(what))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (e) => window.__refused(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber} ${e.sample}`))
  })
  page.on('pageerror', (err) => page.notes.push(`page error: ${err.message}`))
  page.on('console', (msg) => {
    if (['warning', 'error'].includes(msg.type())) page.notes.push(`${msg.type()}: ${msg.text()}`)
  })
  return page
}

/** Runs in the page before its own scripts: keeps every connection for stats; the page itself need not know. */
export function keepConnections() {
  const Native = window.RTCPeerConnection
  window.__connections = []
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args)
      window.__connections.push(this)
    }
  }
}

/** What getStats says of the live connections, boiled down. */
export function stats(page) {
  return page.evaluate(async () => {
    const sum = { video: [], audio: [], out: [], ciphers: [], states: [] }
    for (const pc of window.__connections.filter((c) => c.connectionState !== 'closed')) {
      sum.states.push(pc.connectionState)
      const report = await pc.getStats()
      const codec = (s) => report.get(s.codecId)?.mimeType
      for (const s of report.values()) {
        if (s.type === 'inbound-rtp' && s.kind === 'video')
          sum.video.push({ id: s.trackIdentifier, frames: s.framesDecoded, width: s.frameWidth, height: s.frameHeight, codec: codec(s), packets: s.packetsReceived, lost: s.packetsLost, keyframes: s.keyFramesDecoded, pli: s.pliCount, nack: s.nackCount, dropped: s.framesDropped, freezes: s.freezeCount })
        if (s.type === 'inbound-rtp' && s.kind === 'audio')
          sum.audio.push({ id: s.trackIdentifier, energy: s.totalAudioEnergy, packets: s.packetsReceived, lost: s.packetsLost })
        if (s.type === 'outbound-rtp')
          sum.out.push({ kind: s.kind, rid: s.rid, codec: codec(s), packets: s.packetsSent, frames: s.framesEncoded, width: s.frameWidth, active: s.active, why: s.qualityLimitationReason, pli: s.pliCount, nack: s.nackCount })
        if (s.type === 'transport' && s.srtpCipher) sum.ciphers.push(s.srtpCipher)
      }
    }
    return sum
  })
}

/** How long smooth looks on, in milliseconds. */
const whileSmooth = 2000

/**
 * Looks on while every picture of the page goes on without trouble: frames are decoded, more than are dropped, and no
 * keyframe is asked for. Gives what the time brought for each. (A busy machine drops frames and freezes pictures by
 * itself; a stream that cannot be decoded makes the page ask for keyframes.)
 */
export async function smooth(page) {
  const began = new Map((await stats(page)).video.map((v) => [v.id, v]))
  await new Promise((resolve) => setTimeout(resolve, whileSmooth))
  const grown = (await stats(page)).video.filter((v) => began.has(v.id)).map((v) => {
    const less = (key) => (v[key] ?? 0) - (began.get(v.id)[key] ?? 0)
    return { codec: v.codec, frames: less('frames'), packets: less('packets'), pli: less('pli'), freezes: less('freezes'), dropped: less('dropped'), lost: less('lost') }
  })
  assert.notEqual(grown.length, 0, 'no picture')
  for (const v of grown) {
    const told = JSON.stringify(grown)
    assert.ok(v.frames > 0, `a picture stands still: ${told}`)
    assert.equal(v.pli, 0, `keyframes asked for: ${told}`)
    assert.ok(v.dropped < v.frames, `frames dropped: ${told}`)
  }
  return grown
}

/**
 * Asks until the answer satisfies, and gives that answer. When it never does, the error says what was
 * wanted, the last answer, and what the pages have to say.
 */
export async function until(what, ask, satisfied = Boolean, { within = 60_000, pages = [], salon } = {}) {
  const end = Date.now() + within
  let last
  for (;;) {
    try {
      last = await ask()
      if (satisfied(last)) return last
    } catch (err) {
      last = `error: ${err.message}`
    }
    if (Date.now() > end) break
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  const lines = [`not within ${within / 1000} s: ${what}`, `last answer: ${JSON.stringify(last)}`]
  for (const [i, page] of pages.entries()) {
    const now = await stats(page).catch((err) => err.message)
    lines.push(`page ${i + 1}: ${JSON.stringify(now)}`, ...(page.notes ?? []).slice(-8).map((n) => `  ${n}`))
  }
  if (salon) lines.push('node:', salon.log(25))
  lines.push('repeat with `make e2e`; a picture of a failed page is in build/e2e')
  throw new Error(lines.join('\n'))
}
