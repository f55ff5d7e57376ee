import { hash } from "node:crypto";
import { assessedKinds, type AssessedKind } from "@probity/contract";
import { binsMax } from "@probity/kernels/tree/bins";
import { coarseMax, type Ga2mModel } from "@probity/kernels/tree/ga2m-model";
import { z } from "zod";
import type { Judges } from "./assess-market.ts";
import type { ColumnSpec } from "./column-table.ts";
import { followSpecs } from "./follow-columns.ts";
import { type Judge, reliabilityPlaces } from "./judge.ts";
import { orderSpecs } from "./order-columns.ts";
import { reviewSpecs } from "./review-columns.ts";

/** A judge as it is kept: edges and whole numbers, nothing else. */
interface JudgeFile {
  readonly columns: readonly {
    readonly name: string;
    readonly edges: readonly number[];
    readonly terms: readonly number[];
  }[];
  readonly intercept: number;
  /** `coarseMax` × `coarseMax` terms a pair of columns. */
  readonly pairs: readonly { readonly columns: readonly [number, number]; readonly terms: readonly number[] }[];
  /** By column that stands in a pair: the coarse bin of each of its bins. */
  readonly coarse: Readonly<Record<string, readonly number[]>>;
  readonly reliability: readonly number[];
}

/** A model as it is kept. */
export interface ModelFile extends Readonly<Record<AssessedKind, JudgeFile>> {
  readonly version: 1;
}

const whole = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);
const judgeFile = z.strictObject({
  columns: z.array(z.strictObject({ name: z.string(), edges: z.array(z.number()), terms: z.array(whole) })),
  intercept: whole,
  pairs: z.array(
    z.strictObject({
      columns: z.tuple([z.int().min(0), z.int().min(0)]),
      terms: z.array(whole).length(coarseMax * coarseMax),
    }),
  ),
  coarse: z.record(
    z.string(),
    z.array(
      z
        .int()
        .min(0)
        .max(coarseMax - 1),
    ),
  ),
  reliability: z.array(z.int().min(0).max(1_000)).length(reliabilityPlaces),
});
const modelFile: z.ZodType<ModelFile> = z.strictObject({
  version: z.literal(1),
  review: judgeFile,
  order: judgeFile,
  follow: judgeFile,
});

export const specsOfKind: Readonly<Record<AssessedKind, readonly ColumnSpec[]>> = {
  review: reviewSpecs,
  order: orderSpecs,
  follow: followSpecs,
};

/** A judge as it is kept. */
function toFile({ specs, model, reliability }: Judge): JudgeFile {
  const { binning, mains, pairs, coarse, pairTables, intercept } = model;
  const used = new Set(pairs);
  const binsOf = (column: number): number =>
    2 + (binning.from[column + 1] as number) - (binning.from[column] as number);
  return {
    columns: specs.map(({ name }, column) => ({
      name,
      edges: [...binning.edges.subarray(binning.from[column], binning.from[column + 1])],
      terms: [...mains.subarray(column * binsMax, column * binsMax + binsOf(column))],
    })),
    intercept,
    pairs: Array.from({ length: pairs.length / 2 }, (_, pair) => ({
      columns: [pairs[2 * pair] as number, pairs[2 * pair + 1] as number],
      terms: [...pairTables.subarray(pair * coarseMax * coarseMax, (pair + 1) * coarseMax * coarseMax)],
    })),
    coarse: Object.fromEntries(
      [...used].map((column) => [
        String(column),
        [...coarse.subarray(column * binsMax, column * binsMax + binsOf(column))],
      ]),
    ),
    reliability: [...reliability],
  };
}

/** A model of all kinds as it is kept. */
export function toModelFile(judges: Judges): ModelFile {
  return { version: 1, review: toFile(judges.review), order: toFile(judges.order), follow: toFile(judges.follow) };
}

/** A model breaks a rule; the message says where. */
export class ModelError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ModelError";
  }
}

function checkColumns(kind: AssessedKind, { columns, pairs, coarse, reliability }: JudgeFile): void {
  const specs = specsOfKind[kind];
  if (columns.map(({ name }) => name).join() !== specs.map(({ name }) => name).join())
    throw new ModelError(`${kind}: the columns are not those of this version: train it again`);
  for (const { name, edges, terms } of columns) {
    if (edges.length > binsMax - 2 || terms.length !== edges.length + 2)
      throw new ModelError(`${kind}: ${name} has ${edges.length} edges and ${terms.length} terms`);
    if (edges.some((edge, place) => !Number.isFinite(edge) || (place > 0 && edge <= (edges[place - 1] as number))))
      throw new ModelError(`${kind}: the edges of ${name} do not rise`);
  }
  const paired = pairs.flatMap(({ columns: ends }) => ends.map(String));
  for (const column of new Set([...paired, ...Object.keys(coarse)]))
    if (coarse[column] === undefined || coarse[column].length !== columns[Number(column)]?.terms.length)
      throw new ModelError(`${kind}: the coarse bins of column ${column} do not fit its bins`);
  if (reliability.some((value, place) => place > 0 && value > (reliability[place - 1] as number)))
    throw new ModelError(`${kind}: reliability rises with doubt`);
}

function fromFile(kind: AssessedKind, file: JudgeFile): Judge {
  checkColumns(kind, file);
  const { columns, pairs } = file;
  const from = new Int32Array(columns.length + 1);
  columns.forEach(({ edges }, column) => (from[column + 1] = (from[column] as number) + edges.length));
  const model: Ga2mModel = {
    columns: columns.length,
    binning: { edges: Float64Array.from(columns.flatMap(({ edges }) => edges)), from },
    intercept: file.intercept,
    mains: new Int32Array(columns.length * binsMax),
    pairs: Int32Array.from(pairs.flatMap(({ columns: ends }) => ends)),
    coarse: new Uint8Array(columns.length * binsMax),
    pairTables: Int32Array.from(pairs.flatMap(({ terms }) => terms)),
  };
  columns.forEach(({ terms }, column) => model.mains.set(terms, column * binsMax));
  for (const [column, bins] of Object.entries(file.coarse)) model.coarse.set(bins, Number(column) * binsMax);
  return { specs: specsOfKind[kind], model, reliability: Int32Array.from(file.reliability) };
}

/** Reads a model. Throws ModelError naming what is wrong with it. */
export function readModelFile(value: unknown): Judges {
  const parsed = modelFile.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ModelError(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is no model"}`);
  }
  const [review, order, follow] = assessedKinds.map((kind) => fromFile(kind, parsed.data[kind])) as [
    Judge,
    Judge,
    Judge,
  ];
  return { review, order, follow };
}

/** Id of a model: SHA-256 of what is kept, hex. */
export function modelIdOf(file: ModelFile): string {
  return hash("sha256", JSON.stringify(file), "hex");
}
