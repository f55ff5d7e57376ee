import { emptyMark } from "@probity/kernels/sketch/min-hash";
import { mix32 } from "@probity/kernels/sketch/mix";
import { signaturePlaces } from "./evidence.ts";

const bands = 4;
const width = signaturePlaces / (2 * bands);

/** Keys under which a review is found by its like: texts that share four fifths of their n-grams share one with a chance of 0.88. */
export function bandsOf(signature: Uint32Array): number[] {
  if (signature[0] === emptyMark) return [];
  return Array.from({ length: bands }, (_, band) => {
    let [high, low] = [band + 1, band + 101];
    for (let place = 2 * band * width; place < (2 * band + 1) * width; place += 1) {
      high = mix32((signature[place] as number) ^ high, 11);
      low = mix32((signature[place] as number) ^ low, 12);
    }
    return (high >>> 12) * 2 ** 32 + low;
  });
}
