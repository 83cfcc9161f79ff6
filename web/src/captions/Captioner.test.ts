import { expect, it, vi } from 'vitest'
import { Captioner } from './Captioner'
import type { Recognition } from './recognition'
import { findRecognition } from './recognition'

/** A browser whose recognition does what the test says, and a clock that the test moves. */
function browser() {
  const runs: (Recognition & { started: boolean; aborted: boolean })[] = []
  class Fake implements Recognition {
    lang = ''
    continuous = false
    interimResults = false
    started = false
    aborted = false
    onresult: Recognition['onresult'] = null
    onerror: Recognition['onerror'] = null
    onend: Recognition['onend'] = null
    constructor() {
      runs.push(this)
    }
    start() {
      this.started = true
    }
    stop() {
      this.onend?.()
    }
    abort() {
      this.aborted = true
    }
  }
  let now = 0
  const timers: { at: number; run: () => void }[] = []
  const clock = {
    now: () => new Date(now),
    after: (ms: number, run: () => void) => {
      const timer = { at: now + ms, run }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
  }
  const pass = (ms: number) => {
    now += ms
    for (const timer of timers.filter((t) => t.at <= now)) {
      timers.splice(timers.indexOf(timer), 1)
      timer.run()
    }
  }
  const events = { said: vi.fn(), hears: vi.fn(), retries: vi.fn(), fails: vi.fn() }
  const captioner = new Captioner(Fake, events, clock)
  const last = () => runs.at(-1) as Recognition
  const hear = (...results: [text: string, final: boolean][]) =>
    last().onresult?.({ resultIndex: 0, results: results.map(([transcript, isFinal]) => ({ isFinal, length: 1, 0: { transcript } })) })
  return { runs, captioner, events, pass, hear, last }
}

it('tells each utterance once, with the time of its first word', () => {
  const { captioner, events, pass, hear, last } = browser()
  captioner.start('ko-KR')
  expect(last()).toMatchObject({ lang: 'ko-KR', continuous: true, interimResults: true, started: true })
  pass(1000)
  hear(['동호의', false])
  pass(2000)
  hear(['동호의 장이 ', true], ['좋', false])
  hear(['동호의 장이 ', true], ['좋았어요', true])
  expect(events.said.mock.calls).toEqual([
    ['동호의 장이', new Date(1000)],
    ['좋았어요', new Date(3000)],
  ])
})

it('shows what is being said, and takes it away when it has been', () => {
  const { captioner, events, hear } = browser()
  captioner.start('en-US')
  hear(['so it', false])
  expect(events.hears).toHaveBeenLastCalledWith('so it')
  hear(['so it goes', true])
  expect(events.hears).toHaveBeenLastCalledWith('')
})

it('goes on after a silence, for ever', () => {
  const { captioner, events, runs, pass, last } = browser()
  captioner.start('en-US')
  for (let i = 0; i < 20; i++) {
    pass(8000)
    last().onerror?.({ error: 'no-speech' })
    last().onend?.()
    pass(250)
  }
  expect(runs).toHaveLength(21)
  expect(events.fails).not.toHaveBeenCalled()
  expect(events.retries).not.toHaveBeenCalledWith(true)
})

it('keeps what was heard when a run breaks off in the middle', () => {
  const { captioner, events, hear, last } = browser()
  captioner.start('en-US')
  hear(['half a sentence', false])
  last().onend?.()
  expect(events.said).toHaveBeenCalledWith('half a sentence', expect.any(Date))
})

it('keeps what was heard when it is stopped, and hears nothing afterwards', () => {
  const { captioner, events, hear, last } = browser()
  captioner.start('en-US')
  hear(['the end', false])
  const run = last()
  captioner.stop()
  run.onresult?.({ resultIndex: 0, results: [] })
  expect(events.said).toHaveBeenCalledTimes(1)
  expect(run).toMatchObject({ aborted: true, onresult: null })
})

it.each([
  ['not-allowed', 'denied'],
  ['service-not-allowed', 'denied'],
  ['audio-capture', 'device'],
  ['language-not-supported', 'language'],
])('ends at %s', (error, why) => {
  const { captioner, events, runs, pass, last } = browser()
  captioner.start('ko-KR')
  const run = last()
  run.onerror?.({ error })
  run.onend?.()
  pass(60_000)
  expect(events.fails).toHaveBeenCalledExactlyOnceWith(why)
  expect(runs).toHaveLength(1)
})

it('tries longer and longer to reach the network, then says so', () => {
  const { captioner, events, runs, pass, last } = browser()
  captioner.start('ko-KR')
  for (const wait of [1000, 2000, 4000, 8000, 16_000]) {
    last().onerror?.({ error: 'network' })
    last().onend?.()
    expect(events.retries).toHaveBeenLastCalledWith(true)
    const before = runs.length
    pass(wait - 1)
    expect(runs).toHaveLength(before)
    pass(1)
    expect(runs).toHaveLength(before + 1)
  }
  last().onerror?.({ error: 'network' })
  last().onend?.()
  expect(events.fails).toHaveBeenCalledExactlyOnceWith('network')
})

it('forgets failures once a word was heard', () => {
  const { captioner, events, pass, hear, last } = browser()
  captioner.start('ko-KR')
  for (let i = 0; i < 30; i++) {
    last().onerror?.({ error: 'network' })
    last().onend?.()
    pass(1000)
    hear(['네', true])
  }
  expect(events.fails).not.toHaveBeenCalled()
})

it('does not spin when runs end at once', () => {
  const { captioner, events, pass, last } = browser()
  captioner.start('ko-KR')
  for (let i = 0; i < 6; i++) {
    last().onend?.()
    pass(16_000)
  }
  expect(events.fails).toHaveBeenCalledExactlyOnceWith('failed')
})

it('begins anew in another language', () => {
  const { captioner, runs } = browser()
  captioner.start('ko-KR')
  captioner.start('ko-KR')
  expect(runs).toHaveLength(1)
  captioner.start('en-US')
  expect(runs[0]).toMatchObject({ aborted: true })
  expect(runs[1]).toMatchObject({ lang: 'en-US' })
})

it('finds the recognition of either name, or none', () => {
  const maker = function () {} as never
  expect(findRecognition({ SpeechRecognition: maker })).toBe(maker)
  expect(findRecognition({ webkitSpeechRecognition: maker })).toBe(maker)
  expect(findRecognition({})).toBeUndefined()
})
