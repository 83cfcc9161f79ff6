/** Where to go after signing in: a path of this app, or the start for anything that could lead elsewhere. */
export function innerPath(next: string | null): string {
  if (next === null || !next.startsWith('/')) return '/'
  const url = new URL(next, 'http://inside.invalid')
  return url.origin === 'http://inside.invalid' && !next.startsWith('//') ? url.pathname + url.search + url.hash : '/'
}
