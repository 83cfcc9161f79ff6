// What was taken back and published again is seen again, though it comes over a section that carried another track.
import { stats, until } from './browser.mjs'
import { enter, quickConference } from './club.mjs'
import { scene } from './stage.mjs'

for (const how of ['spc=1', 'spc=0']) {
  scene(`a camera that is published again is seen again (${how})`, {}, async ({ salon, person, pages }) => {
    const [publisher, viewer] = [await person(), await person()]
    const conference = await quickConference(pages)
    for (const page of pages) await enter(page, conference, `capture=320x180@10&${how}`)
    const wait = { pages, salon, within: 60_000 }
    for (let round = 1; round <= 3; round++) {
      await until(`the camera is seen, round ${round}`, () => stats(viewer), (s) => s.video.some((v) => v.frames > 5), wait)
      await publisher.evaluate(async () => {
        const me = window.__salon.room.localParticipant
        for (const publication of [...me.videoTrackPublications.values()]) await me.unpublishTrack(publication.track)
      })
      await until(`the camera is gone, round ${round}`, () => subscribed(viewer), (n) => n === 0, wait)
      await publisher.evaluate(() => window.__salon.room.localParticipant.setCameraEnabled(true))
      await until(`the camera is back, round ${round}`, () => subscribed(viewer), (n) => n === 1, wait)
    }
    await until('the camera is seen at the end', () => stats(viewer), (s) => s.video.some((v) => v.frames > 5), wait)
  })
}

/** How many videos of others the page holds. */
function subscribed(page) {
  return page.evaluate(
    () => [...window.__salon.room.remoteParticipants.values()].flatMap((p) => [...p.videoTrackPublications.values()]).filter((t) => t.isSubscribed).length,
  )
}
