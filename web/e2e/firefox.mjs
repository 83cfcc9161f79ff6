// Firefox with a fake camera and microphone, driven by WebDriver BiDi (w3.org/TR/webdriver-bidi): what playwright
// drives is a Firefox of its own, and this is about the one that people have.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import WebSocket from 'ws'
import { keepConnections } from './browser.mjs'

const places = [process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox']

/** Patience for the browser to start, to stop, and to answer; milliseconds. */
const patience = 60_000

const preferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#no-remote-settings',
}

/** One Firefox with a fresh profile and one person in it. */
export async function openFirefox(url, { width = 1024, height = 720, language = 'en' } = {}) {
  const executable = places.find((p) => p && existsSync(p))
  if (!executable) throw new Error('there is no Firefox: run `make setup`, or name one in FIREFOX')
  const profile = await mkdtemp(join(tmpdir(), 'salon-firefox-'))
  const lines = Object.entries(preferences).map(([k, v]) => `user_pref(${JSON.stringify(k)}, ${JSON.stringify(v)});`)
  await writeFile(join(profile, 'user.js'), lines.join('\n'))
  const args = ['--headless', '--no-remote', '--profile', profile, '--width', `${width}`, '--height', `${height}`, '--remote-debugging-port', '0']
  const child = spawn(executable, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const discard = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const hard = setTimeout(() => child.kill('SIGKILL'), patience)
      await gone
      clearTimeout(hard)
    }
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const session = await Session.open(await listening(child), discard)
    return await FirefoxPage.open(session, url, language)
  } catch (err) {
    await discard()
    throw err
  }
}

/** Where the browser listens, once it does. */
async function listening(child) {
  const said = []
  const found = new Promise((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (said.push(line) > 50) said.shift()
      const at = /WebDriver BiDi listening on (ws:\S+)/.exec(line)
      if (at) resolve(`${at[1]}/session`)
    })
  })
  const failed = new Promise((resolve) => {
    child.once('error', resolve)
    child.once('exit', resolve)
    setTimeout(resolve, patience).unref()
  })
  const at = await Promise.race([found, failed.then(() => undefined)])
  if (!at) throw new Error(`Firefox did not start:\n${said.join('\n')}`)
  return at
}

/** A BiDi session: commands by number, events by name. */
class Session {
  #socket
  #waiting = new Map()
  #number = 0
  #discard
  onEvent = () => {}

  static async open(address, discard) {
    const session = new Session()
    session.#discard = discard
    session.#socket = new WebSocket(address, { perMessageDeflate: false })
    session.#socket.on('message', (text) => session.#take(JSON.parse(text)))
    session.#socket.on('close', () => session.#end(new Error('Firefox has closed the connection')))
    await once(session.#socket, 'open')
    await session.ask('session.new', { capabilities: {} })
    return session
  }

  ask(method, params = {}) {
    const id = ++this.#number
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#socket.send(JSON.stringify({ id, method, params }))
    })
  }

  #take(message) {
    if (message.type === 'event') return this.onEvent(message.method, message.params)
    const asked = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.type === 'success') asked?.resolve(message.result)
    else asked?.reject(new Error(`${message.error}: ${message.message}`))
  }

  #end(err) {
    for (const asked of this.#waiting.values()) asked.reject(err)
    this.#waiting.clear()
  }

  async close() {
    this.#socket.terminate()
    await this.#discard()
  }
}

/** As much of playwright's Page as these tests use of it. */
class FirefoxPage {
  #session
  #base
  #context
  notes = []

  static async open(session, base, language) {
    const page = new FirefoxPage()
    page.#session = session
    page.#base = base
    session.onEvent = (_, entry) => {
      if (['warn', 'error'].includes(entry.level)) page.notes.push(`${entry.level}: ${entry.text}`)
    }
    await session.ask('session.subscribe', { events: ['log.entryAdded'] })
    const { contexts } = await session.ask('browsingContext.getTree')
    page.#context = contexts[0].context
    await page.addInitScript(keepConnections)
    await page.addInitScript((chosen) => localStorage.setItem('salon-language', chosen), language)
    await page.goto('/sign-in') // an origin to ask the API from
    return page
  }

  /** Has f called with argument in the page before its own scripts. */
  addInitScript(f, argument) {
    return this.#session.ask('script.addPreloadScript', { functionDeclaration: `() => { (${f})(${JSON.stringify(argument)}) }` })
  }

  get request() {
    return { fetch: (path, options) => this.#fetch(path, options) }
  }

  async #fetch(path, { method, data } = {}) {
    const ask = async ([path, method, data]) => {
      const headers = data === undefined || data === null ? {} : { 'Content-Type': 'application/json' }
      const res = await fetch(path, { method, headers, body: data ? JSON.stringify(data) : undefined })
      return { status: res.status, ok: res.ok, text: await res.text() }
    }
    const { status, ok, text } = await this.evaluate(ask, [path, method, data])
    return { status: () => status, ok: () => ok, text: async () => text, json: async () => JSON.parse(text) }
  }

  async goto(path) {
    await this.#session.ask('browsingContext.navigate', { context: this.#context, url: new URL(path, this.#base).href, wait: 'complete' })
  }

  /** Calls f in the page and gives what it returns, both ways as JSON. */
  async evaluate(f, argument) {
    const body = `async () => JSON.stringify(await (${f})(${JSON.stringify(argument) ?? 'undefined'}))`
    const { type, result, exceptionDetails } = await this.#session.ask('script.callFunction', {
      functionDeclaration: body,
      awaitPromise: true,
      target: { context: this.#context },
      userActivation: true,
    })
    if (type !== 'success') throw new Error(`in Firefox: ${exceptionDetails.text}`)
    return result.type === 'undefined' ? undefined : JSON.parse(result.value)
  }

  async waitForFunction(f, argument, { timeout = patience } = {}) {
    const end = Date.now() + timeout
    while (!(await this.evaluate(f, argument).catch(() => false))) {
      if (Date.now() > end) throw new Error(`not within ${timeout / 1000} s in Firefox: ${f}\n${this.notes.slice(-8).join('\n')}`)
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }

  async screenshot({ path }) {
    const { data } = await this.#session.ask('browsingContext.captureScreenshot', { context: this.#context })
    await writeFile(path, Buffer.from(data, 'base64'))
  }

  close() {
    return this.#session.close()
  }
}
