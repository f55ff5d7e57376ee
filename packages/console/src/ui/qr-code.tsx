import { type ReactNode, useMemo } from "react";
import { encode } from "uqr";

export interface QrCodeProps {
  readonly text: string;
  /** What it is for, read out instead of it. */
  readonly label: string;
}

/** Clear modules around the code, without which readers do not find it (ISO/IEC 18004). */
const quietModules = 4;

/** Whole pixels for a module, so that all are of one width. */
const modulePx = 4;

/** A path of the dark modules, run by run. */
function pathOf(text: string): { readonly path: string; readonly size: number } {
  const { data } = encode(text, { ecc: "M", border: quietModules });
  let path = "";
  for (const [y, row] of data.entries()) {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      const from = x;
      while (row[x + 1] === true) x += 1;
      path += `M${from} ${y}h${x - from + 1}v1H${from}z`;
    }
  }
  return { path, size: data.length };
}

/** Dark on light in either theme: many readers take no other. */
export function QrCode({ text, label }: QrCodeProps): ReactNode {
  const { path, size } = useMemo(() => pathOf(text), [text]);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      width={size * modulePx}
      height={size * modulePx}
      shapeRendering="crispEdges"
      className="block rounded-control"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
