import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** Makes links into a marketplace's ledger. */
export const placeLink = (marketplace: string) =>
  function PlaceLink(seq: number, words: string): ReactNode {
    return (
      <Link to="/$marketplace/events/$seq" params={{ marketplace, seq: String(seq) }} className="link">
        {words}
      </Link>
    );
  };
