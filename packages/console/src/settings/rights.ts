import type { ApiKeyScope, Role } from "@probity/contract";

/*
 * Copies of the contract's tables and limits; a test keeps them equal, so that the schema library stays out of the
 * page. What stands here decides what is offered; the server decides what is allowed.
 */

export const scopeNames: readonly ApiKeyScope[] = [
  "events:write",
  "events:read",
  "log:read",
  "log:open",
  "log:write",
  "credentials:read",
  "credentials:write",
  "letters:read",
  "ratings:read",
  "policies:write",
  "policies:publish",
  "authenticity:read",
  "authenticity:decide",
  "authenticity:models",
  "people:read",
  "people:write",
  "people:erase",
  "keys:read",
  "keys:write",
  "activity:read",
];

/** From who may do least to who may do all. */
export const roleNames: readonly Role[] = ["viewer", "analyst", "moderator", "operator", "auditor", "admin"];

export const scopesOfRole: Readonly<Record<Role, readonly ApiKeyScope[]>> = {
  viewer: ["ratings:read", "events:read", "log:read", "credentials:read", "authenticity:read"],
  analyst: ["ratings:read", "events:read", "log:read", "credentials:read", "policies:write", "authenticity:read"],
  moderator: [
    "ratings:read",
    "events:read",
    "log:read",
    "credentials:read",
    "letters:read",
    "events:write",
    "authenticity:read",
    "authenticity:decide",
  ],
  operator: [
    "ratings:read",
    "events:read",
    "log:read",
    "credentials:read",
    "letters:read",
    "events:write",
    "authenticity:read",
    "authenticity:models",
    "keys:read",
    "keys:write",
    "activity:read",
  ],
  admin: scopeNames,
  auditor: [
    "ratings:read",
    "events:read",
    "log:read",
    "credentials:read",
    "letters:read",
    "authenticity:read",
    "people:read",
    "keys:read",
    "activity:read",
  ],
};

export const isRole = (value: string): value is Role => roleNames.some((role) => role === value);

/** Roles that somebody with these rights may give: nobody gives more than they have. */
export function rolesWithin(held: readonly ApiKeyScope[]): readonly Role[] {
  return roleNames.filter((role) => scopesOfRole[role].every((scope) => held.includes(scope)));
}

export const passwordCharsMax = 200;
export const keyOverlapHoursMax = 168;
export const keyLabelCharsMax = 500;
export const marketplaceNameCharsMax = 200;

export const isEmail = (text: string): boolean => text.length <= 254 && /^\S+@\S+\.\S+$/.test(text);
export const isSlug = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,62}$/.test(text);

/** ISO 4217 codes in use, those that many marketplaces have first. */
export const currencyCodes: readonly string[] = (
  "CNY USD EUR GBP JPY HKD SGD INR BRL IDR " +
  "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BSD BTN BWP BYN BZD CAD CDF CHF CLP " +
  "COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD HNL HTG HUF ILS IQD IRR ISK " +
  "JMD JOD KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK " +
  "MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SHP " +
  "SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX UYI UYU UZS VED VES VND VUV WST XAF " +
  "XCD XOF XPF YER ZAR ZMW"
).split(" ");
