import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { BrandSeal } from "../ui/brand-seal.tsx";

export function Brand({ large = false }: { readonly large?: boolean }): ReactNode {
  const { t } = useVoice();
  return (
    <span className="flex items-center gap-2.5">
      <BrandSeal size={large ? 40 : 28} />
      <span className="flex flex-col leading-tight">
        <span className={`font-semibold tracking-wide ${large ? "text-xl" : ""}`}>{t.brand}</span>
        {large ? <span className="text-sm text-ink-2">{t.shell.wordmark}</span> : null}
      </span>
    </span>
  );
}
