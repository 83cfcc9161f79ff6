export interface Merged<T> {
  values: T
  /** Fields that both sides changed, and differently: mine stands in `values`. */
  both: (keyof T & string)[]
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/**
 * Puts two edits of the same thing together: what only they changed is theirs, what I changed is mine. `base` is what
 * both began with.
 */
export function merge<T extends object>(base: T, mine: T, theirs: T): Merged<T> {
  const merged: Merged<T> = { values: { ...theirs }, both: [] }
  for (const key of Object.keys(base) as (keyof T & string)[]) {
    if (same(base[key], mine[key])) continue
    merged.values[key] = mine[key]
    if (!same(base[key], theirs[key]) && !same(mine[key], theirs[key])) merged.both.push(key)
  }
  return merged
}
