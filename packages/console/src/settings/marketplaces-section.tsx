import type { ReactNode } from "react";
import { useCurrent } from "../session/current.tsx";
import { Card } from "../ui/card.tsx";
import { MarketplaceForm } from "./marketplace-form.tsx";
import { MarketplacesCard } from "./marketplaces-card.tsx";
import { LookOnly } from "./notes.tsx";
import { useSettingsWords } from "./settings-words.ts";

/** Marketplaces of the person, and another one for who is admin somewhere. */
export function MarketplacesSection(): ReactNode {
  const words = useSettingsWords();
  const { session } = useCurrent();
  const isVisitor = session.person?.isVisitor === true;
  const mayMake = !isVisitor && session.marketplaces.some(({ role }) => role === "admin");
  return (
    <>
      {mayMake ? null : <LookOnly>{isVisitor ? words.visitor : words.markets.adminsOnly}</LookOnly>}
      <MarketplacesCard />
      {mayMake ? (
        <Card id="make-marketplace" title={words.markets.make} hint={words.markets.makeHint}>
          <MarketplaceForm />
        </Card>
      ) : null}
    </>
  );
}
