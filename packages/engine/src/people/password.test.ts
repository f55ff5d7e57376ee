import { describe, expect, test } from "vitest";
import { hashPassword, isPassword } from "./password.ts";

const salt = new Uint8Array(16).fill(7);

describe("passwords", () => {
  test("are known by their hash, which says how it was made and holds no password", async () => {
    const hash = await hashPassword("correct horse battery", salt);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$BwcHBwcHBwcHBwcHBwcHBw\$[A-Za-z0-9+/]{43}$/);
    expect(await isPassword("correct horse battery", hash)).toBe(true);
    for (const other of ["correct horse batterz", "Correct horse battery", "", "correct horse battery "])
      expect(await isPassword(other, hash)).toBe(false);
    expect(await hashPassword("correct horse battery", new Uint8Array(16).fill(8))).not.toBe(hash);
  });

  test("of any script are one however the keyboard composed them", async () => {
    const hash = await hashPassword("crème 密碼 کلمه", salt);
    expect(await isPassword("cre\u0300me 密碼 کلمه", hash)).toBe(true);
    expect(await isPassword("creme 密碼 کلمه", hash)).toBe(false);
  });

  test("are nobody's where the hash has another form", async () => {
    const hash = await hashPassword("correct horse battery", salt);
    for (const wrong of [
      "",
      "correct horse battery",
      hash.replace("argon2id", "argon2i"),
      hash.slice(0, -44),
      `${hash}$x`,
    ])
      expect(await isPassword("correct horse battery", wrong)).toBe(false);
  });

  test("agree with the reference implementation", async () => {
    // A vector of https://github.com/P-H-C/phc-winner-argon2/blob/20190702/src/test.c (version 19, Argon2id).
    const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    expect(await isPassword("password", hash)).toBe(true);
    expect(await isPassword("Password", hash)).toBe(false);
  });
});
