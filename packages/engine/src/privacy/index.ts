export { MasterKey, open, saltsFrom, seal, sha256Hex } from "./seal.ts";
