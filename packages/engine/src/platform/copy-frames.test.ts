import fc from "fast-check";
import { expect, test } from "vitest";
import { drawSeed } from "../facts/seed.fixture.ts";
import { CopyFrames, errorMessage } from "./copy-frames.ts";

const seed = drawSeed("copy-frames");

function message(code: string, content: Uint8Array): Uint8Array {
  const head = Buffer.alloc(5);
  head.write(code, "latin1");
  head.writeUInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

const content = fc.uint8Array({ maxLength: 90 });
const passing = fc.tuple(fc.constantFrom("d", "d", "d", "d", "H", "N", "S", "A"), content);

test("gives whole messages and what follows them, wherever the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(passing, { maxLength: 40 }),
      fc.tuple(fc.constantFrom("c", "E", "Z"), content),
      content,
      fc.array(fc.nat({ max: 140 })),
      (messages, [last, end], trailing, cuts) => {
        const sent = messages.map(([code, bytes]) => message(code, bytes));
        const after = Buffer.concat([message(last, end), trailing]);
        const stream = Buffer.concat([...sent, after]);
        const frames = new CopyFrames();
        const whole: Uint8Array[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          const chunk = stream.subarray(at, at + cut);
          at += chunk.length;
          const part = frames.push(chunk);
          for (const piece of part.whole) {
            // Each piece ends where a message ends.
            let place = 0;
            while (place < piece.length) place += 1 + Buffer.from(piece).readUInt32BE(place + 1);
            expect(place).toBe(piece.length);
          }
          whole.push(...part.whole);
          if (part.after === undefined) continue;
          expect(Buffer.concat(whole)).toEqual(Buffer.concat(sent));
          expect(Buffer.concat([part.after, stream.subarray(at)])).toEqual(after);
          return;
        }
        throw new Error("the end was not seen");
      },
    ),
    { seed, numRuns: 3_000 },
  );
});

test("reads the error that a server tells, and no other message", () => {
  const error = message("E", Buffer.from("SERROR\u0000C42P01\u0000MThere is no such table\u0000\u0000"));
  expect(errorMessage(Buffer.concat([error, message("Z", Buffer.from("I"))]))).toEqual({
    message: "There is no such table",
    code: "42P01",
  });
  expect(errorMessage(message("c", new Uint8Array()))).toBeUndefined();
});
