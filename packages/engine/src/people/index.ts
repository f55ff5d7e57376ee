export { hashPassword, isPassword } from "./password.ts";
export { isLoopback, isLoopbackHost, networkOf } from "./network.ts";
export { isWithin, type OidcRule, parseOidcRules, rolesFromClaims } from "./rights.ts";
