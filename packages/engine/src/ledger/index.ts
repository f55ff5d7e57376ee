export { admit, type Admission, type Admitted, ownSource, type Refused } from "./admit.ts";
export {
  digestsOf,
  type Disclosure,
  disclosuresOf,
  entryText,
  type Field,
  fieldsOf,
  leafHash,
} from "./entry.ts";
