/** The sign of the house: an open book under a lamp. */
export function Brand({ size = 30 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="16" fill="#a5452b" />
      <path d="M12 20c8-3 15-2 20 3v25c-5-5-12-6-20-3zM52 20c-8-3-15-2-20 3v25c5-5 12-6 20-3z" fill="#fbf5ea" />
      <circle cx="32" cy="12" r="4" fill="#f2c078" />
    </svg>
  )
}
