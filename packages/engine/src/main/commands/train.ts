import { readFile, writeFile } from "node:fs/promises";
import { openWordsModel, type WordsModelFile } from "../../authenticity/words-model.ts";
import { readLabelledTexts } from "./labelled-texts.ts";
import { trainAuthenticity } from "./train-authenticity.ts";
import { trainDefaultWords, trainWordsOn } from "./train-words.ts";
import { readArgs, UsageError, wholeNumber } from "./usage.ts";

const usage = `probity train words [--data DIR] [--out FILE] [--bits 18] [--seed 1]
Trains the model that reads what reviews feel and are about, and writes it to FILE or standard output.
  --data DIR   CSV files with texts and labels; without it, made-up texts, as the model that comes with Probity
  --bits N     2^N weights for the feeling of a language learnt from DIR, 10 to 20

probity train authenticity [--out FILE] [--seeds 16] [--seed 1]
Trains the model that judges reviews, orders and followers on simulated marketplaces, as the one that comes with Probity`;

const tell = (line: string): void => void process.stderr.write(`${line}\n`);

const defaultFile = new URL("../../authenticity/models/words-default.json", import.meta.url);

async function trainWords(args: string[]): Promise<void> {
  const parsed = readArgs(usage, args, {
    data: { type: "string" },
    out: { type: "string" },
    bits: { type: "string" },
    seed: { type: "string" },
  });
  if (parsed === undefined) return;
  const { data, out, bits, seed } = parsed.values;
  const seeded = wholeNumber("seed", seed, 1, 0, 2 ** 31);
  const wide = wholeNumber("bits", bits, 18, 10, 20);
  let file: WordsModelFile;
  if (data === undefined) file = trainDefaultWords(seeded, tell);
  else {
    const base = JSON.parse(await readFile(defaultFile, "utf8")) as WordsModelFile;
    file = trainWordsOn(readLabelledTexts(data), base, { seed: seeded, bits: wide }, tell);
  }
  const text = `${JSON.stringify(file)}\n`;
  tell(`Model ${openWordsModel(file).id}, ${Math.ceil(text.length / 1_024)} KB`);
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text);
}

const trainers: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  authenticity: trainAuthenticity,
  words: trainWords,
};

export async function train([what = "", ...args]: string[]): Promise<void> {
  if (what === "--help" || what === "-h") {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const run = Object.hasOwn(trainers, what) ? trainers[what] : undefined;
  if (run === undefined)
    throw new UsageError(`${what === "" ? "Say what to train" : `There is no training of ${what}`}.\n\n${usage}`);
  await run(args);
}
