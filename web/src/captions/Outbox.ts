import { ApiError } from '../api/problem'
import type { Clock } from './Captioner'

/** Milliseconds before what could not be sent is tried again. */
const patience = 3000

/** An outbox keeps more than this of what was said only while the newest are waiting: two hours of talk. */
const most = 2000

/**
 * Sends one thing after the other, in order, and keeps what could not be sent until it can. What the server refuses
 * for good is given up.
 */
export class Outbox<T> {
  #send: (item: T) => Promise<unknown>
  #clock: Clock
  #changed: (waiting: number) => void
  #items: T[] = []
  #busy = false

  /** `changed` is told how many things wait for another try; zero when all is well. */
  constructor(send: (item: T) => Promise<unknown>, clock: Clock, changed: (waiting: number) => void) {
    this.#send = send
    this.#clock = clock
    this.#changed = changed
  }

  put(item: T): void {
    this.#items = [...this.#items, item].slice(-most)
    void this.#work()
  }

  async #work(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    for (let item = this.#items[0]; item !== undefined; item = this.#items[0]) {
      try {
        await this.#send(item)
      } catch (error) {
        if (lasting(error)) console.warn('a caption was refused', error)
        else {
          this.#changed(this.#items.length)
          await new Promise<void>((resolve) => void this.#clock.after(patience, resolve))
          continue
        }
      }
      this.#items = this.#items.filter((other) => other !== item)
    }
    this.#busy = false
    this.#changed(0)
  }
}

/** Whether trying again would give the same answer. */
function lasting(error: unknown): boolean {
  return error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429 && error.code !== 'idempotency_in_progress'
}
