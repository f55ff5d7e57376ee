import { type ApiKeyScope, type Role, roles } from "@probity/contract";

/** A value of the claim that gives a role in one marketplace. */
export interface OidcRule {
  readonly value: string;
  readonly marketplace: string;
  readonly role: Role;
}

/** Whether somebody with these rights may hand those on: nobody gives more than they have. */
export function isWithin(wanted: readonly ApiKeyScope[], held: readonly ApiKeyScope[]): boolean {
  return wanted.every((scope) => held.includes(scope));
}

/** Rules written as `VALUE=MARKETPLACE/ROLE`, separated by commas; the first that breaks the form is answered. */
export function parseOidcRules(text: string): { readonly rules: readonly OidcRule[] } | { readonly wrong: string } {
  const rules: OidcRule[] = [];
  for (const part of text.split(",").map((item) => item.trim())) {
    if (part === "") continue;
    const match = /^(.+)=([a-z0-9][a-z0-9-]{0,62})\/([a-z]+)$/u.exec(part);
    const role = roles.find((known) => known === match?.[3]);
    if (match === null || role === undefined) return { wrong: part };
    rules.push({ value: match[1] as string, marketplace: match[2] as string, role });
  }
  return { rules };
}

/** Roles by marketplace that a claim's values give; where several rules fit, the first one counts. */
export function rolesFromClaims(rules: readonly OidcRule[], claim: unknown): Map<string, Role> {
  const values = new Set(Array.isArray(claim) ? claim : [claim]);
  const found = new Map<string, Role>();
  for (const { value, marketplace, role } of rules) {
    if (values.has(value) && !found.has(marketplace)) found.set(marketplace, role);
  }
  return found;
}
