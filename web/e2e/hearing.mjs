// A browser's speech recognition that hears what the test says. Chromium on a machine without its maker's services has
// the interface, but nobody behind it.

/** Puts it in place of the browser's own, before any script of the page runs. */
export async function giveEars(page) {
  await page.addInitScript(() => {
    class SpeechRecognition {
      start() {
        if (window.__ears.refuse) setTimeout(() => (this.onerror?.({ error: window.__ears.refuse }), this.onend?.()))
        else window.__ears.run = this
      }
      stop() {
        this.onend?.()
      }
      abort() {
        if (window.__ears.run === this) window.__ears.run = undefined
      }
    }
    window.__ears = { refuse: undefined, run: undefined, results: [] }
    window.SpeechRecognition = window.webkitSpeechRecognition = SpeechRecognition
  })
}

/** Takes it away, as in browsers that have none. */
export async function takeEars(page) {
  await page.addInitScript(() => {
    delete window.SpeechRecognition
    delete window.webkitSpeechRecognition
  })
}

/** The person of the page says it: once as a guess, and, when `final`, as what was said. */
export async function say(page, text, final = true) {
  await page.waitForFunction(() => window.__ears.run !== undefined)
  await page.evaluate(
    ([words, done]) => {
      const { run } = window.__ears
      const result = (isFinal) => ({ resultIndex: 0, results: [{ isFinal, length: 1, 0: { transcript: words } }] })
      run.onresult?.(result(false))
      if (!done) return
      run.onresult?.(result(true))
      // Browsers end a run now and then; the next one begins with no results.
      window.__ears.run = undefined
      run.onend?.()
    },
    [text, final],
  )
}
