import { type ModelFile, modelIdOf } from "./judge-file.ts";
import file from "./models/authenticity-default.json" with { type: "json" };

/** The model that is shipped: learned from simulated marketplaces, in force until a marketplace has one of its own. */
export const defaultModel: ModelFile = file as unknown as ModelFile;

export const defaultModelId: string = modelIdOf(defaultModel);
