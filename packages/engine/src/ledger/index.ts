export {
  categoryDigest,
  disclose,
  discloseRemaining,
  type Disclosure,
  type Field,
  fieldsOf,
  leafHash,
} from "./entry.ts";
export { type Prepared, sealContext } from "./prepare.ts";
