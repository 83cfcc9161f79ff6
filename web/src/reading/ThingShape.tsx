import type { ReactNode } from 'react'
import type { ThingName } from './measure'

interface Shape {
  /** Width of the drawing when it is 100 high. */
  width: number
  lines: ReactNode
}

/** Each stands on the ground: its feet are at 100. */
const shapes: Record<ThingName, Shape> = {
  cup: {
    width: 110,
    lines: (
      <>
        <path d="M12 22h70v44a34 34 0 0 1-34 34h-2a34 34 0 0 1-34-34z" />
        <path d="M82 34h6a17 17 0 0 1 0 34h-8" fill="none" stroke="currentColor" strokeWidth="8" />
        <path d="M32 14c-4-5 4-7 0-13M47 14c-4-5 4-7 0-13M62 14c-4-5 4-7 0-13" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
      </>
    ),
  },
  cat: {
    width: 78,
    lines: (
      <>
        <path d="M17 3l10 9q8-3 16 0l10-9v22q0 17-18 17T17 25z" />
        <path d="M22 40q-9 20-10 44-1 16 12 16h24q12 0 11-16-1-24-11-44z" />
        <path d="M54 94q18 2 17-18 0-10-6-14" fill="none" stroke="currentColor" strokeWidth="7" strokeLinecap="round" />
      </>
    ),
  },
  chair: {
    width: 58,
    lines: <path d="M6 0h7v48h39q4 0 4 4v48h-7V60H13v40H6zM13 10h4v10h-4zM13 28h4v10h-4z" />,
  },
  child: {
    width: 44,
    lines: (
      <>
        <circle cx="22" cy="13" r="13" />
        <path d="M14 29h16q7 0 9 8l5 22-6 2-6-18v14h-1l2 43h-8l-3-32-3 32h-8l2-43h-1V43L6 61l-6-2 5-22q2-8 9-8z" />
      </>
    ),
  },
  person: {
    width: 38,
    lines: (
      <>
        <circle cx="19" cy="8" r="8" />
        <path d="M12 18h14q6 0 7 7l5 26-5 1-6-21v19l2 50h-7l-3-42-3 42H9l2-50V31L5 52l-5-1 5-26q1-7 7-7z" />
      </>
    ),
  },
  door: {
    width: 48,
    lines: <path fillRule="evenodd" d="M2 0h44v100H2zM9 8v34h30V8zM9 50v40h30V50zM38 44h4v6h-4z" />,
  },
  giraffe: {
    width: 62,
    lines: (
      <path d="M46 0h3v5l9 4q4 2 3 4l-9 2-5 2-5 33q7 2 7 8l2 42h-5l-3-32-2 32h-5l1-34H18l-2 34h-5l1-34-4 33H3l3-42q1-8 10-9h12L41 8z" />
    ),
  },
  house: {
    width: 92,
    lines: <path fillRule="evenodd" d="M46 0l46 34h-6v66H6V34H0l12-9V6h10v12zM18 42v16h16V42zM58 42v16h16V42zM18 68v16h16V68zM56 68v32h18V68z" />,
  },
}

/** The outline of a thing, `height` pixels high, in the colour of the text around it. Decorative. */
export function ThingShape({ name, height }: { name: ThingName; height: number }) {
  const shape = shapes[name]
  return (
    <svg width={(height * shape.width) / 100} height={height} viewBox={`0 0 ${shape.width} 100`} fill="currentColor" aria-hidden>
      {shape.lines}
    </svg>
  )
}
