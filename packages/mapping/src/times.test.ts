import { time } from "@probity/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOffset, isTimePattern, timeReader } from "./times.ts";

describe("timeReader", () => {
  test.each([
    ["rfc3339", undefined, "2018-01-18T14:48:30Z", "2018-01-18T14:48:30Z"],
    ["rfc3339", undefined, "2018-01-18 14:48:30.123456+08:00", "2018-01-18T14:48:30.123+08:00"],
    ["rfc3339", "+08:00", "2018-01-18T14:48:30", "2018-01-18T14:48:30+08:00"],
    ["unix-s", undefined, "1516286910", "2018-01-18T14:48:30Z"],
    ["unix-s", undefined, "1516286910.25", "2018-01-18T14:48:30.250Z"],
    ["unix-ms", undefined, "1516286910250", "2018-01-18T14:48:30.250Z"],
    ["YYYY-MM-DD HH:mm:ss", "-03:00", " 2018-01-18 14:48:30 ", "2018-01-18T14:48:30-03:00"],
    ["D/M/YYYY H:mm", "+08:00", "8/1/2018 4:05", "2018-01-08T04:05:00+08:00"],
    ["YYYYMMDD", undefined, "20240229", "2024-02-29T00:00:00Z"],
    ["YYYY年M月D日", "+08:00", "2024年2月9日", "2024-02-09T00:00:00+08:00"],
  ])("%s with offset %s reads %s", (format, offset, text, expected) => {
    const read = timeReader(format, offset)(text);
    expect(read).toEqual({ value: expected });
    expect(time.safeParse(expected).success).toBe(true);
  });

  test.each([
    ["rfc3339", "2018-01-18T14:48:30", "has no zone"],
    ["rfc3339", "2018-13-18T14:48:30Z", "does not exist"],
    ["rfc3339", "yesterday", "is not an RFC 3339 time"],
    ["unix-s", "soon", "is not a time in unix-s"],
    ["unix-ms", "999999999999999", "is not a time in unix-ms"],
    ["YYYY-MM-DD", "2023-02-29", "does not exist"],
    ["YYYY-MM-DD", "1900-02-29", "does not exist"],
    ["YYYY-MM-DD HH:mm:ss", "2023-02-28 24:00:00", "does not exist"],
    ["YYYY-MM-DD", "2023-2-8", "is not a time like YYYY-MM-DD"],
  ])("%s refuses %s", (format, text, why) => {
    expect(timeReader(format, undefined)(text)).toEqual({
      refused: expect.stringContaining(why.replace("does not exist", "not a time that exists")),
    });
  });

  test("reads back every second it can write", () => {
    const moment = fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(moment, (date) => {
        const second = Math.floor(date.getTime() / 1_000);
        const iso = new Date(second * 1_000).toISOString();
        const read = timeReader("YYYY-MM-DD HH:mm:ss", "Z")(iso.slice(0, 19).replace("T", " "));
        expect("value" in read && Date.parse(read.value)).toBe(second * 1_000);
        const unix = timeReader("unix-s", undefined)(String(second));
        expect("value" in unix && Date.parse(unix.value)).toBe(second * 1_000);
      }),
    );
  });
});

test("isOffset and isTimePattern", () => {
  expect(["Z", "+08:00", "-03:00"].every(isOffset)).toBe(true);
  expect(["+8", "08:00", "+15:00", "Asia/Shanghai"].some(isOffset)).toBe(false);
  expect(["YYYY-MM-DD", "DD/MM/YYYY HH:mm:ss.SSS", "YYYY-MM-DDTHH:mm:ss"].every(isTimePattern)).toBe(true);
  expect(["", "HH:mm", "YYYY-MM", "YYYY-MM-DD hh:mm", "YYYY-MM-DD DD"].some(isTimePattern)).toBe(false);
});
