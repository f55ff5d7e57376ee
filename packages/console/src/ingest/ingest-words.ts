import type { ingest } from "../messages/en-ingest.ts";
import { pageWords } from "../messages/page-words.ts";

export type IngestWords = typeof ingest;

/** Words of what comes in; those of dead letters stand apart. */
export const useIngestWords: () => IngestWords = pageWords<IngestWords>({
  en: async () => (await import("../messages/en-ingest.ts")).ingest,
  "zh-CN": async () => (await import("../messages/zh-cn-ingest.ts")).ingest,
});
