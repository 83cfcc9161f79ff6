// A room under load for a long time, and whether anything grows: `make soak DURATION=1h`. People send what a browser once
// sent, all layers of it; MEDIA=synthetic is lighter.
// Six people publish and take each other's media, three of them by an independent stack; every minute another
// comes for forty seconds. Both ends are sampled; build/soak.json keeps what was found. Exit code 1: it does not hold.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { binary, Salon } from './salon.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const report = join(root, 'build', 'soak.json')

/**
 * What the least value of the last tenth of the time may be above that of the second tenth, where it should be
 * nothing: garbage collection breathes by some megabytes. The generator remembers what each visitor received until its
 * report, some 0.6 MB.
 */
const bounds = (seconds) => ({ 'node.rss': 12e6, 'node.heap': 6e6, 'node.goroutines': 40, 'generator.rss': 24e6 + 1e6 * visitorsIn(seconds) })

const visitorsIn = (seconds) => Math.max(Math.floor((seconds - 60) / 60), 0)

/** Between two samples, and between two lines that say how far it is; milliseconds. */
const every = 5_000
const lineEvery = 60_000
const credentials = { API_KEY: 'soak', API_SECRET: 'soak-soak-soak-soak-soak-soak-soak-soak' }

async function main() {
  const seconds = parseSpan(process.env.DURATION ?? '1h')
  const media = process.env.MEDIA ?? 'trace'
  const salon = await Salon.start({ ...credentials })
  const folder = await mkdtemp(join(tmpdir(), 'salon-soak-'))
  const found = { began: new Date().toISOString(), seconds, media, machine: `${cpus().length} x ${cpus()[0]?.model}`, bounds: bounds(seconds), samples: [] }
  try {
    const load = await startLoad(salon, folder, seconds, media)
    const ended = once(load, 'exit')
    let running = true
    void ended.then(() => (running = false))
    while (running) {
      const sample = await look(salon, load.pid).catch(() => undefined) // the generator may end meanwhile
      if (sample && running) found.samples.push(sample)
      if (sample && found.samples.length % (lineEvery / every) === 0) console.log(line(sample))
      await Promise.race([ended, new Promise((r) => setTimeout(r, every))])
      await writeFile(report, JSON.stringify(found))
    }
    found.generatorExit = (await ended)[0]
    found.client = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8').catch(() => '{}')).client
    found.refused = { unauthentic: await refused(salon, 'unauthentic'), malformed: await refused(salon, 'malformed'), replayed: await refused(salon, 'replayed') }
    found.nodeExit = await salon.stop()
    found.wrong = judge(found)
  } catch (err) {
    found.wrong = [String(err)]
  } finally {
    await salon.discard()
    await rm(folder, { recursive: true, force: true })
    await writeFile(report, JSON.stringify(found, undefined, 1))
  }
  print(found)
  process.exitCode = found.wrong.length === 0 ? 0 : 1
}

async function startLoad(salon, folder, seconds, media) {
  await mkdir(dirname(report), { recursive: true })
  const visitors = visitorsIn(seconds)
  const person = { audio: true, video: true, subscribe: true }
  const groups = [{ seats: 6, ...person }]
  if (visitors > 0) groups.push({ seats: visitors, join: '20s', every: '60s', stay: '40s', ...person })
  const scenario = join(folder, 'soak.yaml') // JSON is YAML
  await writeFile(scenario, JSON.stringify({ name: 'soak', about: 'a room of six with visitors', groups }))
  const args = [
    'loadtest', '--url', salon.url.replace('http', 'ws'), '--api-key', credentials.API_KEY, '--api-secret', credentials.API_SECRET,
    '--scenario', scenario, '--duration', `${seconds}s`, '--plain', '3', '--media', media, ...(media === 'trace' ? ['--simulcast'] : []), '--json', join(folder, 'run.json'),
  ]
  return spawn(binary, args, { stdio: 'ignore' })
}

/** One look at both ends. Bytes, but for goroutines and counters. */
async function look(salon, generator) {
  const m = await salon.metrics()
  const node = { rss: await rss(salon.pid), heap: m.get('go_memstats_heap_alloc_bytes'), goroutines: m.get('go_goroutines'), participants: m.get('salon_participants') }
  const out = m.get('salon_rtp_packets_total{direction="out"}')
  return { at: Date.now(), node, out, generator: { rss: await rss(generator) } }
}

async function rss(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1]) * 1024
}

const refused = (salon, cause) => salon.metric('salon_srtp_refused_packets_total', { cause })

/** What is wrong, in words; nothing: it holds. */
function judge({ samples, bounds, client, refused, generatorExit, nodeExit }) {
  const wrong = []
  const expect = (ok, what) => ok || wrong.push(what)
  expect(nodeExit === 0, `the node ended with ${nodeExit}`)
  expect(refused.unauthentic === 0, `${refused.unauthentic} packets that the node could not authenticate`)
  if (!client) return [...wrong, `the generator ended with ${generatorExit} and without a report`]
  expect(client.undecryptable === 0, `${client.undecryptable} packets that clients could not decrypt`)
  expect(client.failed === 0, `${client.failed} participants that could not stay`)
  expect(client.missing_tracks === 0, `${client.missing_tracks} subscriptions of which nothing came`)
  expect(client.packets > 0 && client.plain_packets > 0, 'one of the stacks received nothing')
  expect(client.loss < 0.01 && client.plain_loss < 0.01, `loss ${client.loss}, of the independent stack ${client.plain_loss}`)
  const steady = inside(samples)
  for (const [name, bound] of Object.entries(bounds)) {
    const grown = growth(steady, name)
    expect(grown !== undefined && grown <= bound, `${name} grew by ${grown}, which may be ${bound}`)
  }
  return wrong
}

/** Of the samples those at which at least the six are in. */
const inside = (samples) => samples.filter((s) => s.node.participants >= 6)

const value = (sample, name) => name.split('.').reduce((at, key) => at[key], sample)

/** How much the least of the last tenth is above that of the second; undefined without enough samples. */
function growth(samples, name) {
  const tenth = Math.floor(samples.length / 10)
  if (tenth < 1) return undefined
  const least = (from) => Math.min(...samples.slice(from, from + tenth).map((s) => value(s, name)))
  return least(samples.length - tenth) - least(tenth)
}

const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`

const line = ({ at, node, generator, out }) =>
  `${new Date(at).toISOString().slice(11, 19)} ${node.participants} in, ${out} packets out, node ${mb(node.rss)}, heap ${mb(node.heap)}, ${node.goroutines} goroutines, generator ${mb(generator.rss)}`

function print({ seconds, samples, bounds, client, refused, wrong }) {
  const steady = inside(samples)
  for (const name of Object.keys(bounds)) {
    const all = steady.map((s) => value(s, name))
    const show = name.endsWith('goroutines') ? (v) => v : mb
    if (all.length > 0) console.log(`${name}: first ${show(all[0])}, least ${show(Math.min(...all))}, most ${show(Math.max(...all))}, last ${show(all.at(-1))}, grown ${show(growth(steady, name) ?? 0)}`)
  }
  if (client) console.log(`${seconds} s: ${client.packets} packets received, ${client.plain_packets} of them by the independent stack; lost ${(client.loss * 100).toFixed(4)} %, not decrypted ${client.undecryptable}; refused by the node ${JSON.stringify(refused)}`)
  console.log(wrong.length === 0 ? 'soak: it holds' : `soak: FAILED\n  ${wrong.join('\n  ')}`)
  console.log(`details: ${report}`)
}

function parseSpan(text) {
  const [, n, unit] = /^(\d+)(s|m|h)$/.exec(text) ?? []
  if (!n) throw new Error(`DURATION=${text}: it takes a number of s, m or h`)
  return Number(n) * { s: 1, m: 60, h: 3600 }[unit]
}

await main()
