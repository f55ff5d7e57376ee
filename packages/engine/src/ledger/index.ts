export { admit, type Admission, type Admitted, ownSource, type Refused } from "./admit.ts";
export { disclose, type Disclosure, entryText, type Field, fieldsOf, leafHash } from "./entry.ts";
export { prepare, type Prepared, sealContext } from "./prepare.ts";
