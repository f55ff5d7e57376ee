import { readFile } from "node:fs/promises";
import { reasonCodes, reviewNote, trustCard } from "@probity/contract";
import { expect, test } from "vitest";
import {
  buildCheckRating,
  buildCheckReceipt,
  buildReviewNote,
  buildTrustCard,
  checkRatingBuilt,
  checkRatingGzipBytesMax,
  checkReceiptBuilt,
  checkReceiptGzipBytesMax,
  reviewNoteBuilt,
  reviewNoteGzipBytesMax,
  trustCardBuilt,
  trustCardGzipBytesMax,
} from "./build.ts";
import { figuresFor, wordsFor } from "./card-words.ts";
import { earlyCard, hostileCard, ratedCard, warnedCard } from "./golden/cards.ts";
import { notes } from "./golden/notes.ts";
import { noteWordsFor, partText } from "./note-words.ts";

const widgets = [
  { name: "card", make: buildTrustCard, built: trustCardBuilt, max: trustCardGzipBytesMax },
  { name: "note", make: buildReviewNote, built: reviewNoteBuilt, max: reviewNoteGzipBytesMax },
  { name: "check of a rating", make: buildCheckRating, built: checkRatingBuilt, max: checkRatingGzipBytesMax },
  { name: "check of a receipt", make: buildCheckReceipt, built: checkReceiptBuilt, max: checkReceiptGzipBytesMax },
];

test.each(widgets)("the $name is one small module that imports nothing", async ({ make, max }) => {
  const { code, gzipBytes } = await make();
  expect(gzipBytes).toBeLessThanOrEqual(max);
  expect(code).not.toMatch(/\bimport\b\s*[\w{*"']|innerHTML|insertAdjacentHTML|document\.write|\beval\b/);
});

test.each(widgets)("the module of the $name that is served is built from this source", async ({ make, built }) => {
  const { code } = await make();
  expect(await readFile(built, "utf8"), "run npx node packages/widgets/src/build.ts").toBe(code);
});

test("fixtures are what the contract says", () => {
  for (const card of [ratedCard, warnedCard, earlyCard, hostileCard]) trustCard.parse(card);
  for (const note of Object.values(notes)) reviewNote.parse(note);
});

test("numbers and words follow the language", () => {
  expect([wordsFor("zh-Hant-TW").lang, wordsFor("zh").lang, wordsFor("fr").lang]).toEqual(["zh-CN", "zh-CN", "en"]);
  const figures = figuresFor("en");
  expect([figures.count(1_204_902), figures.share(881_000), figures.share(999_970), figures.share(1_000_000)]).toEqual([
    "1,204,902",
    "88.1%",
    "99.99%",
    "100%",
  ]);
});

test("every reason has its own words in both languages, and a part is never none or all", () => {
  for (const lang of ["zh", "en"]) {
    const { reasons } = noteWordsFor(lang);
    expect(Object.keys(reasons).sort()).toEqual([...reasonCodes].sort());
    expect(new Set(Object.values(reasons)).size).toBe(reasonCodes.length);
  }
  expect([1, 4, 400, 405, 996, 999].map(partText)).toEqual(["1%", "1%", "40%", "41%", "99%", "99%"]);
});
