import type { SubjectSize, WhatIf } from "@probity/contract";

export const sizeNames: readonly SubjectSize[] = ["large", "small", "new"];

/** What a what-if says of everybody, or of those of one size. */
export type WhatIfPart = Pick<WhatIf["sizes"][number], "subjects" | "up" | "down" | "migration" | "gmv"> &
  Pick<WhatIf, "movers">;

export function partOf(result: WhatIf, size: SubjectSize | undefined): WhatIfPart {
  const found = result.sizes.find((one) => one.size === size);
  return found === undefined ? result : { ...found, movers: result.movers.filter((mover) => mover.size === size) };
}

/** A part of a whole in parts per million; nothing of nothing. */
export const shareOf = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((part / whole) * 1_000_000);
