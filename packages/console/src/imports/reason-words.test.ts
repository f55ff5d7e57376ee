import { openCsv, blobBytes } from "@probity/mapping";
import { expect, test } from "vitest";
import { imports as english } from "../messages/en-imports.ts";
import { imports as chinese } from "../messages/zh-cn-imports.ts";
import { reasonWords } from "./reason-words.ts";

test.each([
  ['"x" is not an amount', '"x" 不是金额'],
  ["9.999 has more decimals than CNY (2)", "9.999 的小数位多于 CNY"],
  ['"2023-02-30" is not a time that exists', '"2023-02-30" 这个时间不存在'],
  ['"soon" is not a time like YYYY-MM-DD', '"soon" 不符合给定的时间写法'],
  ["is empty, and buyer is required", "为空，而 buyer 是必填"],
  ["has 2 fields, the header has 11", "有 2 个字段，表头有 11 个"],
  ["rule 1 (order.placed): the required field buyer is not mapped", "buyer 是必填，尚未填写"],
  ["rule 1 (order.placed): the file has no column totl; did you mean total?", "文件没有 totl 这一列"],
  ["is not in olist_orders_dataset.csv", "不在 olist_orders_dataset.csv 中"],
  ["is missing", "缺失"],
  ["must be a whole number", "必须是整数"],
  ["must be something new", "must be something new"],
  ["must be at least 1", "不得小于 1"],
  ["must have at most 128 characters", "至多 128 个字符"],
  ["must be one of a, b", "必须是以下之一：a, b"],
  ["has fields that are not known: x", "有未知的字段：x"],
  ["is not a known event type: order.shiped", "没有 order.shiped 这种事件"],
  ["something nobody has foreseen", "something nobody has foreseen"],
])("%j is told in the reader's language", (reason, words) => {
  expect(reasonWords(reason, chinese)).toBe(words);
  expect(reasonWords(reason, english)).not.toBe("");
});

test("what the reader itself says of broken rows is foreseen", async () => {
  const text = `a,b\n1\n${"x".repeat(70_000)},1\n2,"x\n`;
  const opened = await openCsv(blobBytes(new Blob([text]), "a.csv"));
  const reasons = (await Array.fromAsync(opened.rows()))
    .flat()
    .flatMap((row) => ("reject" in row ? [row.reject.reason] : []));
  expect(reasons.length).toBe(3);
  expect(reasons.filter((reason) => reasonWords(reason, chinese) === reason)).toEqual([]);
});
