import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useVoice } from "../messages/messages.tsx";
import { IconButton } from "./button.tsx";
import { Maximize, Minus, Plus } from "./icons.ts";
import { type Colours, drawNetwork, type Drawn } from "./network-draw.ts";
import { type Frame, nodeAt, panned, type View, viewOfAll, zoomed } from "./network-view.ts";
import type { Places } from "./network-worker.ts";

export interface NetworkProps {
  /** What it shows, and how it is moved by keyboard. */
  readonly label: string;
  readonly nodes: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Colours as CSS has them; looks are places in it. */
  readonly palette: readonly string[];
  readonly nodeLook: Uint8Array;
  readonly tieLook: Uint8Array;
  readonly size: Float32Array;
  readonly nodeShown: Uint8Array;
  readonly tieShown: Uint8Array;
  readonly names: ReadonlyMap<number, string>;
  /** −1 for none. */
  readonly chosen: number;
  readonly onChoose: (node: number) => void;
}

const panPx = 60;
const zoomStep = 1.3;
/** After the last move all ties are drawn again. */
const restMs = 140;
const densityMax = 2;
const reachPx = 14;

/** Places as a worker finds them; they come several times, the last with `done`. */
function useLayout(nodes: number, from: Int32Array, to: Int32Array): Places | undefined {
  const [places, setPlaces] = useState<Places>();
  useEffect(() => {
    setPlaces(undefined);
    const worker = new Worker(new URL("./network-worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Places>) => {
      setPlaces(data);
      if (data.done) worker.terminate();
    });
    worker.postMessage({ nodes, from, to });
    return () => worker.terminate();
  }, [nodes, from, to]);
  return places;
}

/** The palette as the canvas takes it: the browser says what a variable is in the theme that is on. */
function coloursOf(probe: HTMLElement, palette: readonly string[]): Colours {
  const resolve = (colour: string): string => {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  };
  return { palette: palette.map(resolve), ink: resolve("var(--ink)"), sheet: resolve("var(--sheet)") };
}

/** Counts up when the theme changes, by whichever way. */
function useThemeTick(): number {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const changed = (): void => setTick((before) => before + 1);
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    const system = matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", changed);
    return () => {
      observer.disconnect();
      system.removeEventListener("change", changed);
    };
  }, []);
  return tick;
}

/** Canvas, frame and view in one: what moves them, and a drawing in the next frame. */
function usePicture(drawn: Drawn | undefined, palette: readonly string[]) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const [frame, setFrame] = useState<Frame>({ width: 0, height: 0 });
  /** Undefined until somebody moved it: then all is shown. */
  const [moved, setMoved] = useState<View>();
  const [isMoving, setMoving] = useState(false);
  const theme = useThemeTick();
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setFrame({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const view = useMemo(
    () => moved ?? (drawn === undefined ? { x: 0, y: 0, scale: 1 } : viewOfAll(drawn.x, drawn.y, frame)),
    [moved, drawn, frame],
  );
  useEffect(() => {
    if (!isMoving) return;
    const timer = setTimeout(() => setMoving(false), restMs);
    return () => clearTimeout(timer);
  }, [isMoving, moved]);
  useEffect(() => {
    const [element, paper] = [canvas.current, canvas.current?.getContext("2d")];
    if (drawn === undefined || element === null || paper === null || paper === undefined || probe.current === null)
      return;
    const density = Math.min(densityMax, devicePixelRatio);
    const [width, height] = [Math.round(frame.width * density), Math.round(frame.height * density)];
    const colours = coloursOf(probe.current, palette);
    const drawing = requestAnimationFrame(() => {
      if (element.width !== width || element.height !== height) Object.assign(element, { width, height });
      drawNetwork(paper, drawn, colours, view, { ...frame, density }, isMoving);
    });
    return () => cancelAnimationFrame(drawing);
  }, [drawn, palette, view, frame, isMoving, theme]);
  const look = (next: View | undefined): void => {
    setMoved(next);
    setMoving(next !== undefined);
  };
  return { canvas, probe, frame, view, look };
}

type Picture = ReturnType<typeof usePicture>;

/** One finger or the mouse moves, two fingers zoom, a press alone chooses. */
function usePointers({ view, look, frame }: Picture, onPress: (x: number, y: number) => void) {
  const held = useRef(new Map<number, readonly [number, number]>());
  const travelled = useRef(0);
  const place = (event: PointerEvent<HTMLCanvasElement>): readonly [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      if (held.current.size === 0) travelled.current = 0;
      held.current.set(event.pointerId, place(event));
    },
    onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => {
      const before = held.current.get(event.pointerId);
      if (before === undefined) return;
      const now = place(event);
      const other = [...held.current].find(([id]) => id !== event.pointerId)?.[1];
      travelled.current += Math.hypot(now[0] - before[0], now[1] - before[1]);
      held.current.set(event.pointerId, now);
      if (other === undefined) {
        if (travelled.current > 4) look(panned(view, now[0] - before[0], now[1] - before[1]));
        return;
      }
      const wide = ([x, y]: readonly [number, number]): number => Math.max(1, Math.hypot(x - other[0], y - other[1]));
      look(zoomed(view, wide(now) / wide(before), frame, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2));
    },
    onPointerUp: (event: PointerEvent<HTMLCanvasElement>) => {
      const at = held.current.get(event.pointerId);
      held.current.delete(event.pointerId);
      if (at !== undefined && held.current.size === 0 && travelled.current <= 4) onPress(at[0], at[1]);
    },
    onPointerCancel: (event: PointerEvent<HTMLCanvasElement>) => void held.current.delete(event.pointerId),
  };
}

function keyView(key: string, view: View, frame: Frame): View | "all" | undefined {
  switch (key) {
    case "ArrowLeft":
      return panned(view, panPx, 0);
    case "ArrowRight":
      return panned(view, -panPx, 0);
    case "ArrowUp":
      return panned(view, 0, panPx);
    case "ArrowDown":
      return panned(view, 0, -panPx);
    case "+":
    case "=":
      return zoomed(view, zoomStep, frame);
    case "-":
    case "−":
      return zoomed(view, 1 / zoomStep, frame);
    case "0":
      return "all";
    default:
      return undefined;
  }
}

/** The wheel zooms where the picture has the focus or Ctrl is held: it must not catch a page that scrolls by. */
function useWheel({ canvas, view, frame, look }: Picture): void {
  const latest = useRef({ view, frame, look });
  latest.current = { view, frame, look };
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && document.activeElement !== element) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const now = latest.current;
      const times = Math.exp(-Math.max(-100, Math.min(100, event.deltaY)) / 300);
      now.look(zoomed(now.view, times, now.frame, event.clientX - box.left, event.clientY - box.top));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [canvas]);
}

/** Nodes and ties on a canvas, laid out by a worker: moved, zoomed and chosen by mouse, touch and keys. */
export function Network(props: NetworkProps): ReactNode {
  const { label, nodes, from, to, palette, nodeLook, tieLook, size, nodeShown, tieShown, names, chosen } = props;
  const { t } = useVoice();
  const places = useLayout(nodes, from, to);
  const drawn = useMemo<Drawn | undefined>(
    () =>
      places === undefined
        ? undefined
        : { x: places.x, y: places.y, from, to, nodeLook, tieLook, size, nodeShown, tieShown, names, chosen },
    [places, from, to, nodeLook, tieLook, size, nodeShown, tieShown, names, chosen],
  );
  const picture = usePicture(drawn, palette);
  const { canvas, probe, view, frame, look } = picture;
  const press = (x: number, y: number): void => {
    if (places === undefined) return;
    props.onChoose(nodeAt(places.x, places.y, (node) => nodeShown[node] === 1, view, frame, [x, y, reachPx]));
  };
  const pointers = usePointers(picture, press);
  useWheel(picture);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = keyView(event.key, view, frame);
    if (next === undefined) return;
    event.preventDefault();
    look(next === "all" ? undefined : next);
  };
  return (
    <div className="relative">
      <span ref={probe} aria-hidden className="hidden" />
      <canvas
        ref={canvas}
        // oxlint-disable-next-line no-noninteractive-tabindex -- it is moved and zoomed by keys
        tabIndex={0}
        role="application"
        aria-label={label}
        data-done={places?.done === true || undefined}
        onKeyDown={onKeyDown}
        {...pointers}
        className="block h-[min(62dvh,560px)] w-full cursor-grab touch-none rounded-control border border-line bg-sheet active:cursor-grabbing"
      />
      <div className="absolute end-2 top-2 flex flex-col rounded-control border border-line bg-sheet shadow-sheet">
        <IconButton icon={Plus} label={t.ui.zoomIn} onClick={() => look(zoomed(view, zoomStep, frame))} />
        <IconButton icon={Minus} label={t.ui.zoomOut} onClick={() => look(zoomed(view, 1 / zoomStep, frame))} />
        <IconButton icon={Maximize} label={t.ui.showAll} onClick={() => look(undefined)} />
      </div>
      {places?.done === true ? null : (
        <p role="status" className="absolute start-3 bottom-2 text-xs text-ink-3">
          {t.ui.layingOut}
        </p>
      )}
    </div>
  );
}
