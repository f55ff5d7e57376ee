import type { Frame, View } from "./network-view.ts";

/** What is drawn: places, looks by number of the palette, and what is shown. */
export interface Drawn {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly nodeLook: Uint8Array;
  readonly tieLook: Uint8Array;
  /** Radius of each node in pixels where one step is one pixel. */
  readonly size: Float32Array;
  /** 1 for nodes and ties that are shown. */
  readonly nodeShown: Uint8Array;
  readonly tieShown: Uint8Array;
  /** Names of few nodes, drawn beside them. */
  readonly names: ReadonlyMap<number, string>;
  readonly chosen: number;
}

export interface Colours {
  /** As the canvas takes them. */
  readonly palette: readonly string[];
  readonly ink: string;
  readonly sheet: string;
}

/** While the picture moves no more ties are drawn than these: every second, third … one. */
export const movingTiesMax = 6_000;
/** A node drawn smaller than this is a square: nobody sees the difference, and it is quicker. */
const squarePx = 2.2;

interface Window {
  readonly ax: number;
  readonly ay: number;
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

function drawTies(paper: CanvasRenderingContext2D, drawn: Drawn, colours: Colours, window: Window, isMoving: boolean) {
  const { x, y, from, to, tieLook, tieShown } = drawn;
  const { ax, ay, scale, width, height } = window;
  const every = isMoving ? Math.max(1, Math.ceil(from.length / movingTiesMax)) : 1;
  paper.lineWidth = scale > 2 ? 1.25 : 0.75;
  paper.globalAlpha = from.length > 4_000 ? 0.28 : 0.5;
  for (const [look, colour] of colours.palette.entries()) {
    let any = false;
    paper.beginPath();
    for (let tie = 0; tie < from.length; tie += every) {
      if (tieLook[tie] !== look || tieShown[tie] !== 1) continue;
      const [a, b] = [from[tie] as number, to[tie] as number];
      const [x1, y1] = [(x[a] as number) * scale + ax, (y[a] as number) * scale + ay];
      const [x2, y2] = [(x[b] as number) * scale + ax, (y[b] as number) * scale + ay];
      if (Math.max(x1, x2) < 0 || Math.min(x1, x2) > width || Math.max(y1, y2) < 0 || Math.min(y1, y2) > height)
        continue;
      paper.moveTo(x1, y1);
      paper.lineTo(x2, y2);
      any = true;
    }
    if (!any) continue;
    paper.strokeStyle = colour;
    paper.stroke();
  }
  paper.globalAlpha = 1;
}

function drawNodes(paper: CanvasRenderingContext2D, drawn: Drawn, colours: Colours, window: Window): void {
  const { x, y, nodeLook, nodeShown, size } = drawn;
  const { ax, ay, scale, width, height } = window;
  const grown = Math.min(2.4, Math.max(0.55, Math.sqrt(scale)));
  for (const [look, colour] of colours.palette.entries()) {
    let any = false;
    paper.beginPath();
    for (let node = 0; node < x.length; node += 1) {
      if (nodeLook[node] !== look || nodeShown[node] !== 1) continue;
      const [px, py] = [(x[node] as number) * scale + ax, (y[node] as number) * scale + ay];
      const radius = (size[node] as number) * grown;
      if (px < -radius || py < -radius || px > width + radius || py > height + radius) continue;
      if (radius < squarePx) paper.rect(px - radius, py - radius, radius * 2, radius * 2);
      else {
        paper.moveTo(px + radius, py);
        paper.arc(px, py, radius, 0, 2 * Math.PI);
      }
      any = true;
    }
    if (!any) continue;
    paper.fillStyle = colour;
    paper.fill();
  }
}

function drawNames(paper: CanvasRenderingContext2D, drawn: Drawn, colours: Colours, window: Window): void {
  const { x, y, nodeShown, names, size } = drawn;
  const { ax, ay, scale } = window;
  paper.font = '600 12px "Inter", "Noto Sans SC", system-ui, sans-serif';
  paper.textBaseline = "middle";
  paper.lineJoin = "round";
  for (const [node, name] of names) {
    if (nodeShown[node] !== 1) continue;
    const px = (x[node] as number) * scale + ax + (size[node] as number) * 2 + 4;
    const py = (y[node] as number) * scale + ay;
    paper.lineWidth = 4;
    paper.strokeStyle = colours.sheet;
    paper.strokeText(name, px, py);
    paper.fillStyle = colours.ink;
    paper.fillText(name, px, py);
  }
}

/** Draws the network as it is seen. Time O(looks · (nodes + ties)); while it moves, ties up to a number. */
export function drawNetwork(
  paper: CanvasRenderingContext2D,
  drawn: Drawn,
  colours: Colours,
  view: View,
  frame: Frame & { readonly density: number },
  isMoving: boolean,
): void {
  const { width, height, density } = frame;
  paper.setTransform(density, 0, 0, density, 0, 0);
  paper.clearRect(0, 0, width, height);
  const { scale } = view;
  const window = { ax: width / 2 - view.x * scale, ay: height / 2 - view.y * scale, scale, width, height };
  drawTies(paper, drawn, colours, window, isMoving);
  drawNodes(paper, drawn, colours, window);
  drawNames(paper, drawn, colours, window);
  const { chosen, x, y, size, nodeShown } = drawn;
  if (chosen < 0 || nodeShown[chosen] !== 1) return;
  paper.beginPath();
  paper.lineWidth = 2.5;
  paper.strokeStyle = colours.ink;
  const at = [(x[chosen] as number) * scale + window.ax, (y[chosen] as number) * scale + window.ay] as const;
  paper.arc(at[0], at[1], (size[chosen] as number) * 2.4 + 4, 0, 2 * Math.PI);
  paper.stroke();
}
