import type { LogStatus } from "@probity/contract";

/**
 * Address of the server for who checks from outside: what the log's address begins with. Where the server knows only
 * its own machine's, the one that this page was reached by.
 */
export function serverOf({ shards }: Pick<LogStatus, "shards">): string {
  const server = shards[0]?.url.replace(/\/log\/[^/]+$/, "") ?? "";
  const isOutside =
    URL.canParse(server) && !/^(127\.\d+\.\d+\.\d+|localhost|\[::1?\]|0\.0\.0\.0)$/.test(new URL(server).hostname);
  return isOutside ? server : location.origin;
}
