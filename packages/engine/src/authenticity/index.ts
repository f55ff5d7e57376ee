export { assessMarket, type Judges } from "./assess-market.ts";
export { judge, weightOf } from "./judge.ts";
export { type ModelFile, readModelFile } from "./judge-file.ts";
export { statementOf } from "./statement.ts";
export { trainModel } from "./train-model.ts";
export { runWhole } from "./whole-run.ts";
export { defaultWordReader } from "./word-reader.ts";
