import { useParams } from 'react-router'

/** The number in a page's address; NaN for anything else, which the server knows nothing of. */
export function usePathId(): number {
  const { id } = useParams()
  return /^[1-9]\d{0,15}$/.test(id ?? '') ? Number(id) : Number.NaN
}
