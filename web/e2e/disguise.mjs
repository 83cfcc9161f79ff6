// Drawn people for the picture in the README: the browser's fake camera shows six times the
// same green clock. What they send goes through the node like any camera's picture.

/** What each of them looks like: wall, hair, skin, pullover. */
const looks = [
  ['#e9c9a6', '#2b1d16', '#f0c7a4', '#7a9a6b'],
  ['#c9d6df', '#1b1b22', '#e8b98f', '#b5563f'],
  ['#d9c2d4', '#a3572a', '#f6d7bd', '#3f5d8a'],
  ['#cfe0c8', '#120f0e', '#eec39c', '#d9a441'],
  ['#f0dcc0', '#5b4630', '#c98d62', '#4c6f73'],
  ['#dcd3c5', '#211915', '#f2cfae', '#8a4f6b'],
]

/** Gives the pages of a context a drawn person for a camera. Call it before the page is opened. */
export function disguise(context, index) {
  return context.addInitScript(draw, { look: looks[index % looks.length], index })
}

/** Runs in the page, so it can use nothing from around it. */
function draw({ look: [wall, hair, skin, pullover], index }) {
  const native = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = wanted.audio ? await native({ audio: wanted.audio }) : new MediaStream()
    if (wanted.video) stream.addTrack(camera().getVideoTracks()[0])
    return stream
  }

  function camera() {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 })
    const g = canvas.getContext('2d')
    const paint = () => person(g, performance.now() / 1000 + index)
    paint()
    setInterval(paint, 100)
    return canvas.captureStream(10)
  }

  function person(g, seconds) {
    g.fillStyle = wall
    g.fillRect(0, 0, 640, 360)
    shelves(g)
    const sway = Math.sin(seconds * 0.8) * 5
    g.translate(320 + sway, 0)
    blob(g, hair, 0, 158, 78, 96)
    g.fillStyle = pullover
    g.beginPath()
    g.roundRect(-150, 268, 300, 180, 90)
    g.fill()
    g.fillStyle = skin
    g.fillRect(-24, 215, 48, 70)
    blob(g, skin, 0, 170, 62, 78)
    g.fillStyle = hair
    g.beginPath()
    g.ellipse(0, 122, 68, 46, 0, Math.PI, 0)
    g.fill()
    face(g, seconds)
    g.setTransform(1, 0, 0, 1, 0, 0)
  }

  function face(g, seconds) {
    const open = seconds % 4 < 0.15 ? 1 : 7
    blob(g, '#2a1c14', -24, 168, 5, open)
    blob(g, '#2a1c14', 24, 168, 5, open)
    g.strokeStyle = '#8c3f33'
    g.lineWidth = 4
    g.lineCap = 'round'
    g.beginPath()
    g.arc(0, 192, 22, Math.PI * 0.18, Math.PI * 0.82)
    g.stroke()
  }

  function shelves(g) {
    const spines = ['#8a4b38', '#3f5a57', '#c8963e', '#5c5470', '#a8663f', '#6f7f54']
    for (const y of [110, 250]) {
      let x = 18
      for (let i = 0; x < 630; i++) {
        const [width, height] = [14 + ((i * 7 + index * 5 + y) % 13), 62 + ((i * 11 + index * 3) % 26)]
        g.globalAlpha = 0.55
        g.fillStyle = spines[(i + index + (y === 250 ? 2 : 0)) % spines.length]
        g.fillRect(x, y - height, width, height)
        x += width + ((i + index) % 6 === 5 ? 26 : 3)
      }
      g.globalAlpha = 0.8
      g.fillStyle = '#7b5b41'
      g.fillRect(0, y, 640, 8)
    }
    g.globalAlpha = 1
  }

  function blob(g, color, x, y, rx, ry) {
    g.fillStyle = color
    g.beginPath()
    g.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2)
    g.fill()
  }
}
