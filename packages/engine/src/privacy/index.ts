export { MasterKey, open, saltsFrom, seal, sealingKey, sha256Hex } from "./seal.ts";
