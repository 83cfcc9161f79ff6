/** What is left until `at`, in whole days, hours, minutes and seconds; nothing is left afterwards. */
export function timeLeft(now: Date, at: Date): { days: number; hours: number; minutes: number; seconds: number } {
  const left = Math.max(0, Math.ceil((at.getTime() - now.getTime()) / 1000))
  return { days: Math.floor(left / 86_400), hours: Math.floor(left / 3600) % 24, minutes: Math.floor(left / 60) % 60, seconds: left % 60 }
}
