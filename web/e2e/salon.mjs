// A node under test: build/salon with a data folder of its own, on ports that are free.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** The program under test; SALON_BINARY names another one than the last build. */
export const binary = process.env.SALON_BINARY ?? join(root, 'build', 'salon')

/** Patience for a node to start and to stop, in milliseconds. */
const patience = 30_000

export class Salon {
  #child
  #log = []

  /** Starts a node and waits until it serves. Settings are SALON_ variables without the prefix. */
  static async start(settings = {}, flags = []) {
    if (!existsSync(binary)) throw new Error('build/salon is missing: run `make build`')
    const salon = new Salon()
    salon.data = await mkdtemp(join(tmpdir(), 'salon-e2e-'))
    await salon.#spawn({ ...settings }, flags)
    return salon
  }

  /** Starts again on the same data folder, after stop. */
  async restart(settings = {}, flags = []) {
    await this.#spawn({ ...settings }, flags)
  }

  async #spawn(settings, flags) {
    const env = Object.fromEntries(Object.entries(process.env).filter(([k]) => !k.startsWith('SALON_')))
    const own = { HTTP_LISTEN: '127.0.0.1:0', MEDIA_PORT: '-1', DATA_DIR: this.data, LOG_FORMAT: 'json', ...settings }
    for (const [k, v] of Object.entries(own)) env[`SALON_${k}`] = v
    this.#child = spawn(binary, ['serve', '--check-goroutines', ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.printed = ''
    this.#child.stdout.on('data', (text) => (this.printed += text))
    const serving = new Promise((resolve) => {
      createInterface({ input: this.#child.stderr }).on('line', (line) => {
        this.#log.push(line)
        const addr = servingOn(line)
        if (addr) resolve(addr)
      })
    })
    const ended = once(this.#child, 'exit').then(() => undefined)
    const addr = await Promise.race([serving, ended, late()])
    if (!addr) throw new Error(`the node did not start:\n${this.log()}`)
    this.url = `http://${addr.replace('127.0.0.1', 'localhost')}`
  }

  get pid() {
    return this.#child.pid
  }

  /** The last lines of the node's log. */
  log(lines = 60) {
    return this.#log.slice(-lines).join('\n')
  }

  /** Sends SIGTERM and gives the exit code. */
  async stop() {
    if (this.#child.exitCode !== null) return this.#child.exitCode
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    const [code] = (await Promise.race([exit, late()])) ?? ['it did not stop in time']
    if (code !== 0 && this.#child.exitCode === null) this.#child.kill('SIGKILL')
    return code
  }

  /** Stops and removes the data folder. */
  async discard() {
    const code = await this.stop()
    await rm(this.data, { recursive: true, force: true })
    return code
  }

  /** One sum over all series of a metric; zero when it is absent. labels must all be contained. */
  async metric(name, labels = {}) {
    let sum = 0
    for (const [series, value] of await this.metrics()) {
      const [, found, rest] = /^([a-z_]+)(?:\{(.*)\})?$/.exec(series) ?? []
      if (found !== name) continue
      if (Object.entries(labels).every(([k, v]) => rest?.includes(`${k}="${v}"`))) sum += value
    }
    return sum
  }

  /** All metrics: values by name with labels. */
  async metrics() {
    const text = await (await fetch(`${this.url}/metrics`)).text()
    const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
  }
}

function servingOn(line) {
  try {
    const entry = JSON.parse(line)
    return entry.msg === 'serving' ? entry.addr : undefined
  } catch {
    return undefined
  }
}

function late() {
  return new Promise((resolve) => setTimeout(resolve, patience, undefined).unref())
}
