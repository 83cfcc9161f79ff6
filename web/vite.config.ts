import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

// Leaves a .gz beside every file that shrinks by it; the server sends that one to whoever accepts it.
function gzipFiles(): Plugin {
  return {
    name: 'gzip-files',
    apply: 'build',
    closeBundle() {
      const dir = join(import.meta.dirname, 'dist', 'assets')
      for (const name of readdirSync(dir)) {
        if (!/\.(js|css|svg)$/.test(name)) continue
        const body = readFileSync(join(dir, name))
        const packed = gzipSync(body, { level: 9 })
        if (packed.length < body.length * 0.9) writeFileSync(join(dir, `${name}.gz`), packed)
      }
    },
  }
}

// What the documentation's library does not let one choose: its own styles get the page's nonce already when the file
// is read (they would be refused otherwise), and nothing is fetched from elsewhere.
function ownRedoc(): Plugin {
  const changes = [
    ['.nc=void 0', '.nc=document.currentScript.nonce'],
    ['https://cdn.redoc.ly/redoc/logo-mini.svg', '/favicon.svg'],
  ] as const
  return {
    name: 'own-redoc',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.includes('redoc.standalone')) continue
        let text = typeof file.source === 'string' ? file.source : new TextDecoder().decode(file.source)
        for (const [from, to] of changes) {
          if (!text.includes(from)) throw new Error(`${file.fileName} has no ${from}`)
          text = text.replaceAll(from, to)
        }
        file.source = text
      }
    },
  }
}

const server = 'http://127.0.0.1:7880'

export default defineConfig({
  plugins: [react(), ownRedoc(), gzipFiles()],
  // The server puts a fresh nonce in its place with every answer (web.go).
  html: { cspNonce: '{{nonce}}' },
  build: {
    target: 'es2022',
    // The app, and the page that shows the API's contract.
    rolldownOptions: { input: ['index.html', 'api-docs.html'] },
    chunkSizeWarningLimit: 900,
    // No data: URLs for scripts or fonts; the page's policy would refuse them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': server, '/rtc': { target: server, ws: true } },
  },
  preview: { host: '127.0.0.1' },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
})
