import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { type Marketplace, useCurrent } from "../session/current.tsx";
import { buttonLink } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { ActWords, RowTable } from "./row-table.tsx";
import { useSettingsWords } from "./settings-words.ts";

/** Every marketplace that is open to the person, with the way there. */
export function MarketplacesCard(): ReactNode {
  const words = useSettingsWords();
  const { session, marketplace } = useCurrent();
  const { columns } = words.markets;
  return (
    <Card id="marketplaces" title={words.markets.title} hint={words.markets.hint}>
      <RowTable
        labelledBy="marketplaces-title"
        columns={[
          { id: "name", title: columns.name, cell: ({ name }) => <bdi className="wrap-anywhere">{name}</bdi> },
          {
            id: "slug",
            title: columns.slug,
            cell: ({ slug }) => <code className="font-mono text-xs wrap-anywhere text-ink-2">{slug}</code>,
          },
          { id: "currency", title: columns.currency, cell: ({ currency }) => currency },
          { id: "clock", title: words.markets.clock, cell: ({ clock }) => words.markets.clocks[clock] },
          { id: "role", title: columns.role, cell: ({ role }) => words.roles[role] },
        ]}
        rows={session.marketplaces}
        rowKey={({ slug }: Marketplace) => slug}
        acts={({ slug, name }) =>
          slug === marketplace.slug ? (
            <span className="flex h-8 items-center">
              <Chip look="good">{words.markets.here}</Chip>
            </span>
          ) : (
            <Link to="/$marketplace/overview" params={{ marketplace: slug }} className={buttonLink()}>
              <ActWords short={words.markets.open} full={words.markets.openLabel(name)} />
            </Link>
          )
        }
      />
    </Card>
  );
}
