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

const server = 'http://127.0.0.1:7880'

export default defineConfig({
  plugins: [react(), gzipFiles()],
  // The server puts a fresh nonce in its place with every answer (web.go).
  html: { cspNonce: '{{nonce}}' },
  build: {
    target: 'es2022',
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
