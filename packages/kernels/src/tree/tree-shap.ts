/**
 * TreeSHAP: the exact Shapley values of boosted trees under path-dependent expectations — a node that a coalition does not
 * know is passed by the shares of training rows (S. Lundberg et al., Nat. Mach. Intell. 2 (2020) 56–67,
 * doi 10.1038/s42256-019-0138-9, algorithm 2). Values and the expectation add up to the score.
 * Time O(trees · leaves · depth²) a row; nothing is allocated but the path, once a call.
 */
import { type BoostedTrees, treePlaces } from "./boosted-trees.ts";

/** Buffers for one row: a path is kept per level, so that a branch cannot disturb another. */
interface Path {
  readonly column: Int32Array;
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly weight: Float64Array;
}

interface Walk {
  readonly model: BoostedTrees;
  readonly base: number;
  readonly bins: Uint8Array;
  readonly path: Path;
  readonly out: Float64Array;
}

function extend(
  { column, zero, one, weight }: Path,
  at: number,
  length: number,
  zeroPart: number,
  onePart: number,
  asked: number,
): void {
  column[at + length] = asked;
  zero[at + length] = zeroPart;
  one[at + length] = onePart;
  weight[at + length] = length === 0 ? 1 : 0;
  for (let place = length - 1; place >= 0; place -= 1) {
    weight[at + place + 1] += (onePart * weight[at + place] * (place + 1)) / (length + 1);
    weight[at + place] = (zeroPart * weight[at + place] * (length - place)) / (length + 1);
  }
}

function unwind({ column, zero, one, weight }: Path, at: number, length: number, which: number): void {
  const [onePart, zeroPart] = [one[at + which], zero[at + which]];
  let next = weight[at + length];
  for (let place = length - 1; place >= 0; place -= 1) {
    if (onePart === 0) {
      weight[at + place] = (weight[at + place] * (length + 1)) / (zeroPart * (length - place));
      continue;
    }
    const before = weight[at + place];
    weight[at + place] = (next * (length + 1)) / ((place + 1) * onePart);
    next = before - (weight[at + place] * zeroPart * (length - place)) / (length + 1);
  }
  for (let place = which; place < length; place += 1) {
    column[at + place] = column[at + place + 1];
    zero[at + place] = zero[at + place + 1];
    one[at + place] = one[at + place + 1];
  }
}

/** Sum of the weights that would be left without entry `which`. */
function unwoundSum({ zero, one, weight }: Path, at: number, length: number, which: number): number {
  const [onePart, zeroPart] = [one[at + which], zero[at + which]];
  let [next, sum] = [weight[at + length], 0];
  for (let place = length - 1; place >= 0; place -= 1) {
    if (onePart === 0) {
      sum += (weight[at + place] * (length + 1)) / (zeroPart * (length - place));
      continue;
    }
    const part = (next * (length + 1)) / ((place + 1) * onePart);
    sum += part;
    next = weight[at + place] - (part * zeroPart * (length - place)) / (length + 1);
  }
  return sum;
}

function visit(
  walk: Walk,
  node: number,
  parent: number,
  before: number,
  zeroPart: number,
  onePart: number,
  asked: number,
): void {
  const { model, base, bins, path, out } = walk;
  const at = parent + before;
  for (let place = 0; place < before; place += 1) {
    path.column[at + place] = path.column[parent + place];
    path.zero[at + place] = path.zero[parent + place];
    path.one[at + place] = path.one[parent + place];
    path.weight[at + place] = path.weight[parent + place];
  }
  let length = before;
  extend(path, at, length, zeroPart, onePart, asked);
  const column = model.column[base + node];
  if (column < 0) {
    for (let which = 1; which <= length; which += 1)
      out[path.column[at + which]] +=
        unwoundSum(path, at, length, which) * (path.one[at + which] - path.zero[at + which]) * model.value[base + node];
    return;
  }
  let [knownZero, knownOne] = [1, 1];
  for (let which = 1; which <= length; which += 1) {
    if (path.column[at + which] !== column) continue;
    knownZero = path.zero[at + which];
    knownOne = path.one[at + which];
    unwind(path, at, length, which);
    length -= 1;
    break;
  }
  const goesLeft = bins[column] <= model.threshold[base + node];
  for (const side of [1, 2]) {
    const child = 2 * node + side;
    const share = model.cover[base + child] / model.cover[base + node];
    if (share > 0)
      visit(walk, child, at, length + 1, share * knownZero, goesLeft === (side === 1) ? knownOne : 0, column);
  }
}

/** The mean logit over training rows by cover: what Shapley values are counted from. */
export function expectedTrees({ trees, depth, start, column, value, cover }: BoostedTrees): number {
  const places = treePlaces(depth);
  let sum = start;
  for (let place = 0; place < trees * places; place += 1) {
    const root = place - (place % places);
    if (column[place] < 0 && cover[root] > 0) sum += (value[place] * cover[place]) / cover[root];
  }
  return sum;
}

/**
 * Writes the Shapley value of each column, in logits, for one row of bins into `out` (length columns). Their sum and
 * `expectedTrees` are the row's score to about 1e-12. Throws RangeError where lengths differ.
 */
export function shapTrees(model: BoostedTrees, bins: Uint8Array, out: Float64Array): void {
  if (bins.length !== model.columns || out.length !== model.columns)
    throw new RangeError(`the model has ${model.columns} columns`);
  out.fill(0);
  const room = ((model.depth + 2) * (model.depth + 3)) / 2 + model.depth;
  const path: Path = {
    column: new Int32Array(room),
    zero: new Float64Array(room),
    one: new Float64Array(room),
    weight: new Float64Array(room),
  };
  const places = treePlaces(model.depth);
  for (let tree = 0; tree < model.trees; tree += 1)
    visit({ model, base: tree * places, bins, path, out }, 0, 0, 0, 1, 1, -1);
}
