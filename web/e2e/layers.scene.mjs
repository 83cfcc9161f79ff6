// The server sends what a tile can show: a smaller layer for a small one, nothing for a hidden one.
import { stats, until } from './browser.mjs'
import { enter, quickConference } from './club.mjs'
import { scene } from './stage.mjs'

const big = { width: 1400, height: 900 }
const small = { width: 330, height: 420 }

scene('a small tile gets a small picture, a hidden one none', { minutes: 6 }, async ({ salon, person, pages }) => {
  const publisher = await person(small)
  const viewer = await person(big)
  const conference = await quickConference(pages)
  await enter(publisher, conference, 'capture=1280x720@10')
  await enter(viewer, conference, 'capture=320x180@5')
  const wait = { pages, salon, within: 120_000 }
  const seen = async () => (await stats(viewer)).video.find((v) => v.frames > 0)?.width
  const legs = (gets) => salon.metric('salon_legs', { gets })

  const full = await until('the large tile gets a large picture', seen, (w) => w >= 640, wait)

  await viewer.setViewportSize(small)
  await until('the small tile gets a smaller picture', seen, (w) => w < full, wait)

  await viewer.evaluate(drawCurtain)
  await until('nothing is sent for the hidden tile', () => legs('paused'), (n) => n >= 1, wait)
  const at = (await stats(viewer)).video[0].packets
  await viewer.waitForTimeout(2000)
  await until('no packets arrive', async () => (await stats(viewer)).video[0].packets - at, (n) => n < 20, wait)

  await viewer.evaluate(() => void document.adoptedStyleSheets.pop())
  await viewer.setViewportSize(big)
  await until('the large picture is back', seen, (w) => w >= full, wait)
  await until('nobody is paused', () => legs('paused'), (n) => n === 0, wait)
})

/** Hides all pictures: in the page. Its policy takes no style element of ours. */
function drawCurtain() {
  const curtain = new CSSStyleSheet()
  curtain.replaceSync('[data-testid=participant-tile] video { display: none !important }')
  document.adoptedStyleSheets.push(curtain)
}
