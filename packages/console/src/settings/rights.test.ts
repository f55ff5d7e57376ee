import {
  apiKeyScopes,
  currencies,
  email,
  limits,
  marketplaceSlug,
  roles,
  roleScopes,
  signInLimits,
} from "@probity/contract";
import { expect, test } from "vitest";
import {
  currencyCodes,
  isEmail,
  isRole,
  isSlug,
  keyLabelCharsMax,
  keyOverlapHoursMax,
  marketplaceNameCharsMax,
  passwordCharsMax,
  roleNames,
  rolesWithin,
  scopeNames,
  scopesOfRole,
} from "./rights.ts";

test("the page's tables and limits are the contract's", () => {
  expect(scopeNames).toEqual(apiKeyScopes);
  expect([...roleNames].sort()).toEqual([...roles].sort());
  expect(scopesOfRole).toEqual(roleScopes);
  expect([...currencyCodes].sort()).toEqual(Object.keys(currencies).sort());
  expect([passwordCharsMax, keyOverlapHoursMax, keyLabelCharsMax, marketplaceNameCharsMax]).toEqual([
    signInLimits.passwordChars,
    signInLimits.keyOverlapHours,
    limits.noteChars,
    limits.nameChars,
  ]);
});

test("nobody is offered a role that may do more than they", () => {
  expect(rolesWithin(roleScopes.admin)).toEqual(roleNames);
  expect(rolesWithin(roleScopes.moderator)).toEqual(["viewer", "moderator"]);
  expect(rolesWithin([])).toEqual([]);
  expect([isRole("admin"), isRole("owner")]).toEqual([true, false]);
});

test("what the page lets through the contract takes, and slugs alike", () => {
  for (const text of ["a@b.example", "A.B+c@d.co", "a b@c.d", "a@b", ""]) {
    if (email.safeParse(text).success) expect(isEmail(text), text).toBe(true);
  }
  for (const text of ["lake", "lake-2", "0", "a".repeat(63), "a".repeat(64), "-a", "Lake", "湖", "", "a_b"]) {
    expect(isSlug(text), text).toBe(marketplaceSlug.safeParse(text).success);
  }
});
