import type { Recognition, RecognitionMaker, ResultEvent } from './recognition'

/** Why captions ended by themselves: a key of the texts. */
export type CaptionFailure = 'denied' | 'device' | 'network' | 'language' | 'failed'

/** What the browser's errors mean. Those that are missing pass: silence, and a run that was broken off. */
const fatal: Record<string, CaptionFailure> = {
  'not-allowed': 'denied',
  'service-not-allowed': 'denied',
  'audio-capture': 'device',
  'language-not-supported': 'language',
  'bad-grammar': 'failed',
}

/** What a captioner tells. */
export interface CaptionEvents {
  /** Something was said; `spokenAt` is when its first word was heard. */
  said: (text: string, spokenAt: Date) => void
  /** What is being said, still changing; empty when nothing is. */
  hears: (text: string) => void
  /** Whether it is trying to get back to the recognition service. */
  retries: (trying: boolean) => void
  /** It ended, and will not begin again by itself. */
  fails: (why: CaptionFailure) => void
}

export interface Clock {
  now: () => Date
  /** Calls back after so many milliseconds; gives what undoes it. */
  after: (milliseconds: number, run: () => void) => () => void
}

/** Milliseconds before a run follows another: browsers end one after every silence. */
const pause = 250
/** Milliseconds before the first try after a failure; doubled each time, up to the longest. */
const firstWait = 1000
const longestWait = 16_000
/** So many failures one after the other, without a word heard between them, end it. */
const mostFailures = 6
/** A run shorter than this that heard nothing counts as a failure, in milliseconds. */
const shortest = 700

/**
 * Writes down what one person says, from `start` to `stop`, through as many runs of the browser's recognition as it
 * takes. Each utterance is told once.
 */
export class Captioner {
  #maker: RecognitionMaker
  #events: CaptionEvents
  #clock: Clock
  #lang = ''
  #wanted = false
  #run: Recognition | undefined
  #undo: (() => void) | undefined
  /** Of the present run. */
  #began = 0
  #heard = false
  #broken: 'network' | 'failed' | undefined
  #told = 0
  #spokenAt: Date | undefined
  #pending = ''
  /** One after the other, over runs. */
  #failures = 0

  constructor(maker: RecognitionMaker, events: CaptionEvents, clock: Clock) {
    this.#maker = maker
    this.#events = events
    this.#clock = clock
  }

  /** Begins to listen in this language (BCP 47); in another language, it begins anew. */
  start(lang: string): void {
    if (this.#wanted && this.#lang === lang) return
    this.stop()
    this.#lang = lang
    this.#wanted = true
    this.#failures = 0
    this.#listen()
  }

  /** Ends listening. What was heard and not told yet is told. */
  stop(): void {
    this.#wanted = false
    this.#undo?.()
    this.#undo = undefined
    const run = this.#run
    this.#run = undefined
    if (run) {
      run.onresult = run.onerror = run.onend = null
      run.abort()
    }
    this.#flush()
    this.#events.retries(false)
  }

  #listen(): void {
    this.#undo = undefined
    const run = new this.#maker()
    run.lang = this.#lang
    run.continuous = true
    run.interimResults = true
    run.onresult = (event) => this.#result(event)
    run.onerror = (event) => this.#error(event.error)
    run.onend = () => this.#end()
    this.#run = run
    this.#began = this.#clock.now().getTime()
    this.#heard = false
    this.#broken = undefined
    this.#told = 0
    try {
      run.start()
    } catch {
      this.#broken = 'failed'
      this.#end()
    }
  }

  #result(event: ResultEvent): void {
    this.#heard = true
    this.#failures = 0
    this.#events.retries(false)
    let interim = ''
    for (let i = Math.max(event.resultIndex, this.#told); i < event.results.length; i++) {
      const result = event.results[i]
      const text = result?.[0]?.transcript ?? ''
      if (text.trim()) this.#spokenAt ??= this.#clock.now()
      if (!result?.isFinal) {
        interim += text
        continue
      }
      this.#told = i + 1
      this.#pending = text
      this.#flush()
    }
    this.#pending = interim
    this.#events.hears(interim.trim())
  }

  /** Tells what stands there as said. */
  #flush(): void {
    const text = this.#pending.replaceAll(/\s+/g, ' ').trim()
    if (text) this.#events.said(text, this.#spokenAt ?? this.#clock.now())
    this.#pending = ''
    this.#spokenAt = undefined
    this.#events.hears('')
  }

  #error(error: string): void {
    const why = fatal[error]
    if (why) this.#fail(why)
    else if (error === 'network') this.#broken = 'network'
    else if (error !== 'no-speech' && error !== 'aborted') this.#broken = 'failed'
  }

  #end(): void {
    this.#run = undefined
    this.#flush()
    if (!this.#wanted) return
    const lasted = this.#clock.now().getTime() - this.#began
    if (!this.#broken && (this.#heard || lasted >= shortest)) {
      this.#undo = this.#clock.after(pause, () => this.#listen())
      return
    }
    this.#failures++
    if (this.#failures >= mostFailures) {
      this.#fail(this.#broken ?? 'failed')
      return
    }
    if (this.#broken) this.#events.retries(true)
    this.#undo = this.#clock.after(Math.min(longestWait, firstWait * 2 ** (this.#failures - 1)), () => this.#listen())
  }

  #fail(why: CaptionFailure): void {
    this.stop()
    this.#events.fails(why)
  }
}
