import { type ReactNode, useSyncExternalStore } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Banner } from "../ui/banner.tsx";
import { WifiOff } from "../ui/icons.ts";

function subscribe(changed: () => void): () => void {
  addEventListener("online", changed);
  addEventListener("offline", changed);
  return () => {
    removeEventListener("online", changed);
    removeEventListener("offline", changed);
  };
}

export function OfflineBanner(): ReactNode {
  const { t } = useVoice();
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return online ? null : <Banner icon={WifiOff}>{t.shell.offline}</Banner>;
}
