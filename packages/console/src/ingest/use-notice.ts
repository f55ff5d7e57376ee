import type { LiveNotice } from "@probity/contract";
import { useEffect, useState } from "react";
import { clientFor } from "../api/client.ts";

/** Where the ledger stands and how far ratings follow it, as the server tells it; undefined until it has. */
export function useNotice(marketplace: string): LiveNotice | undefined {
  const [heard, setHeard] = useState<{ readonly of: string; readonly notice: LiveNotice }>();
  useEffect(() => {
    const gone = new AbortController();
    const listen = async (): Promise<void> => {
      for await (const notice of clientFor(marketplace).watch(gone.signal)) setHeard({ of: marketplace, notice });
    };
    // What the server refuses is not told; the page's other questions say why.
    listen().catch(() => undefined);
    return () => gone.abort();
  }, [marketplace]);
  return heard?.of === marketplace ? heard.notice : undefined;
}

const tickMs = 15_000;

/** The time, told anew several times a minute. */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
