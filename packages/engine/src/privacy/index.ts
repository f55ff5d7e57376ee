export { MasterKey, open, saltsFrom, seal } from "./seal.ts";
