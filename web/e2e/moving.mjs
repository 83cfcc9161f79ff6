// A camera that shows something hard to encode, so that each frame takes several packets: the browser's fake camera
// shows a clock, whose frames fit into one.

/** Runs in the page before its own scripts: the camera is a picture full of moving patches, as large as capture= says. */
export function movingPicture() {
  const native = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices)
  if (!native) return
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = wanted.audio ? await native({ audio: wanted.audio }) : new MediaStream()
    if (wanted.video) stream.addTrack(camera())
    return stream
  }

  function camera() {
    const [, width, height, rate] = /capture=(\d+)x(\d+)@(\d+)/.exec(location.search)?.map(Number) ?? [0, 640, 360, 15]
    const canvas = Object.assign(document.createElement('canvas'), { width, height })
    const g = canvas.getContext('2d')
    let n = 0
    const paint = () => {
      n++
      for (let i = 0; i < 60; i++) {
        // The same patches at other places with each frame, a little pseudo-random.
        const at = (i * 7919 + n * (101 + (i % 17))) % (width * height)
        g.fillStyle = `hsl(${(i * 47 + n * 3) % 360} 70% ${25 + ((i * 13) % 50)}%)`
        g.fillRect(at % width, Math.floor(at / width), 12 + (i % 40), 8 + (i % 23))
      }
    }
    paint()
    setInterval(paint, 1000 / rate)
    return canvas.captureStream(rate).getVideoTracks()[0]
  }
}
