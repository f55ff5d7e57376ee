import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { ChevronsUpDown } from "../ui/icons.ts";
import { Menu } from "../ui/menu.tsx";

/** Name of the marketplace; where there are several, a menu of them. */
export function MarketplaceSwitch(): ReactNode {
  const { t } = useVoice();
  const { session, marketplace } = useCurrent();
  const navigate = useNavigate();
  if (session.marketplaces.length < 2) {
    return (
      <p className="flex h-8 items-center truncate px-2.5 font-medium">
        <bdi>{marketplace.name}</bdi>
      </p>
    );
  }
  return (
    <Menu
      label={`${t.shell.marketplace}: ${marketplace.name}`}
      triggerClass="flex h-8 items-center gap-2 rounded-control px-2.5 text-start font-medium hover:bg-sheet"
      trigger={
        <>
          <bdi className="min-w-0 flex-1 truncate">{marketplace.name}</bdi>
          <ChevronsUpDown size={13} aria-hidden className="text-ink-3" />
        </>
      }
      entries={[
        {
          kind: "choice",
          label: t.shell.marketplace,
          value: marketplace.slug,
          options: session.marketplaces.map(({ slug, name }) => ({ value: slug, label: name })),
          onChange: (slug) => void navigate({ to: "/$marketplace", params: { marketplace: slug } }),
        },
      ]}
    />
  );
}
