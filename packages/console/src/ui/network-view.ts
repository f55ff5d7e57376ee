/** Where one looks: the place in the middle, and how many pixels one step of the layout is. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
}

const scaleMin = 0.02;
const scaleMax = 20;
const marginPx = 28;

const within = (scale: number): number => Math.min(scaleMax, Math.max(scaleMin, scale));

/** The view that shows every node there is. */
export function viewOfAll(x: Float32Array, y: Float32Array, { width, height }: Frame): View {
  if (x.length === 0) return { x: 0, y: 0, scale: 1 };
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let node = 0; node < x.length; node += 1) {
    left = Math.min(left, x[node] as number);
    right = Math.max(right, x[node] as number);
    top = Math.min(top, y[node] as number);
    bottom = Math.max(bottom, y[node] as number);
  }
  const scale = Math.min(
    (width - 2 * marginPx) / Math.max(1, right - left),
    (height - 2 * marginPx) / Math.max(1, bottom - top),
  );
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale: within(Math.min(7, scale)) };
}

/** The view moved by so many pixels. */
export const panned = (view: View, byX: number, byY: number): View => ({
  ...view,
  x: view.x - byX / view.scale,
  y: view.y - byY / view.scale,
});

/** The view nearer or farther; what lies under a place of the frame stays there. */
export function zoomed(view: View, times: number, { width, height }: Frame, atX = width / 2, atY = height / 2): View {
  const scale = within(view.scale * times);
  const keep = 1 / view.scale - 1 / scale;
  return { x: view.x + (atX - width / 2) * keep, y: view.y + (atY - height / 2) * keep, scale };
}

/** Node nearest to a place of the frame, no farther than `reachPx`; −1 where there is none. */
export function nodeAt(
  x: Float32Array,
  y: Float32Array,
  shown: (node: number) => boolean,
  view: View,
  { width, height }: Frame,
  [px, py, reachPx]: readonly [number, number, number],
): number {
  let [best, least] = [-1, reachPx * reachPx];
  for (let node = 0; node < x.length; node += 1) {
    const dx = ((x[node] as number) - view.x) * view.scale + width / 2 - px;
    const dy = ((y[node] as number) - view.y) * view.scale + height / 2 - py;
    const square = dx * dx + dy * dy;
    if (square < least && shown(node)) [best, least] = [node, square];
  }
  return best;
}
