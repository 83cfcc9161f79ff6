import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Reading } from '../api/readings'
import { faceColor } from '../parts/face'
import { milestones, scaleFor } from './measure'
import classes from './Reading.module.css'
import { ThingShape } from './ThingShape'
import { useHeight } from './useHeight'

/** A spine shows its title from this thickness on, in pixels. */
const legible = 15

/** More spines than this are drawn as one block at the bottom. */
const mostSpines = 400

/** Books lying on each other, each as high as it is thick, beside a thing of known height in the same scale. */
export function BookStack({ readings, books, height }: { readings: Reading[]; books: number; height: number }) {
  const { t } = useTranslation()
  const say = useHeight()
  const { reached, next } = milestones(height)
  const thing = next ?? reached
  if (!thing) return null
  const scale = scaleFor(height, thing)
  const shown = readings.slice(0, mostSpines)
  const hidden = Math.max(0, height - shown.reduce((sum, r) => sum + r.height_mm, 0))
  const name = t(`reading.thing.${thing.name}`)
  return (
    <div>
      <div
        className={classes.scene}
        role="img"
        aria-label={t('reading.stackDrawing', { count: books, height: say(height), thing: name, thingHeight: say(thing.height) })}
        data-testid="stack"
        data-height={height}
      >
        <div className={classes.pile} aria-hidden>
          {shown.map((r) => (
            <Spine key={r.id} reading={r} pixels={r.height_mm * scale} />
          ))}
          {books > shown.length && hidden > 0 && <div className={classes.rest} style={{ height: hidden * scale }} />}
        </div>
        <div className={classes.thing} aria-hidden>
          <ThingShape name={thing.name} height={thing.height * scale} />
          <span className={classes.thingName}>
            {name}
            <br />
            {say(thing.height)}
          </span>
        </div>
      </div>
      <Text size="sm" ta="center" mt="xs" c={next ? 'dimmed' : undefined}>
        {next ? t('reading.toGo', { thing: t(`reading.thing.${next.name}`), height: say(next.height - height) }) : t('reading.taller', { thing: name })}
      </Text>
    </div>
  )
}

function Spine({ reading, pixels }: { reading: Reading; pixels: number }) {
  const title = reading.book.title
  // Books differ in size, and nobody stacks them exactly: both follow from the title, so that a book looks the same tomorrow.
  const seed = [...title].reduce((sum, c) => (sum * 31 + (c.codePointAt(0) ?? 0)) % 997, 7)
  return (
    <div
      className={classes.spine}
      style={{ height: Math.max(pixels, 1), lineHeight: `${pixels}px`, width: `${78 + (seed % 20)}%`, marginLeft: `${seed % 7}%`, background: faceColor(title), fontSize: Math.min(14, pixels * 0.7) }}
      title={title}
    >
      {pixels >= legible && title}
    </div>
  )
}
