/** Where a picture lies in its window: scaled about its top left corner, then moved by pixels of the window. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
const MOST = 12;

/** The view with no gap between the picture and the edges of its window. */
export function kept({ scale, x, y }: View, { width, height }: Size): View {
  const within = Math.min(MOST, Math.max(1, scale));
  const hold = (at: number, size: number) =>
    within === 1 ? 0 : Math.min(0, Math.max(size * (1 - within), at));
  return { scale: within, x: hold(x, width), y: hold(y, height) };
}

/** Scaled by a factor so that what lies under the point stays there. */
export function zoomed(view: View, at: Point, factor: number, size: Size): View {
  const scale = Math.min(MOST, Math.max(1, view.scale * factor));
  const real = scale / view.scale;
  return kept({ scale, x: at.x - (at.x - view.x) * real, y: at.y - (at.y - view.y) * real }, size);
}

/** One or two fingers that were at `before` are at `after`. */
export function followed(view: View, before: readonly Point[], after: readonly Point[], size: Size): View {
  const [a0, b0] = before;
  const [a1, b1] = after;
  if (!a0 || !a1) return view;
  if (!b0 || !b1) return kept({ ...view, x: view.x + a1.x - a0.x, y: view.y + a1.y - a0.y }, size);
  const from = middle(a0, b0);
  const to = middle(a1, b1);
  const apart = Math.hypot(a0.x - b0.x, a0.y - b0.y);
  const factor = apart < 1 ? 1 : Math.hypot(a1.x - b1.x, a1.y - b1.y) / apart;
  const moved = { ...view, x: view.x + to.x - from.x, y: view.y + to.y - from.y };
  return zoomed(moved, to, factor, size);
}

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
