import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useCurrent } from "../session/current.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { useAuthenticityWords } from "./authenticity-words.ts";

const parts = ["queue", "rings", "models", "agreement"] as const;
type Part = (typeof parts)[number];

const addresses = {
  queue: "/$marketplace/authenticity",
  rings: "/$marketplace/authenticity/rings",
  models: "/$marketplace/authenticity/models",
  agreement: "/$marketplace/authenticity/agreement",
} as const;

const partClass =
  "-mb-px flex h-9 items-center border-b-2 border-transparent px-3 whitespace-nowrap text-ink-2 no-underline " +
  "hover:text-ink focus-visible:-outline-offset-2 aria-[current=page]:border-jade " +
  "aria-[current=page]:font-semibold aria-[current=page]:text-ink";

/** The parts of the area, as links: each is a page. */
function PartLinks(): ReactNode {
  const words = useAuthenticityWords();
  const { marketplace } = useCurrent();
  return (
    <nav
      aria-label={words.parts.label}
      className="relative mb-4 flex gap-1 overflow-x-auto overflow-y-hidden border-b border-line max-sm:-mx-4 max-sm:px-2"
    >
      {parts.map((part) => (
        <Link
          key={part}
          to={addresses[part]}
          params={{ marketplace: marketplace.slug }}
          activeOptions={{ exact: true, includeSearch: false }}
          className={partClass}
        >
          {words.parts[part]}
        </Link>
      ))}
    </nav>
  );
}

export interface AreaHeadProps {
  readonly part: Part;
  readonly lead: string;
  readonly aside?: ReactNode;
}

/** Head of a part: its title, and the others beside it. */
export function AreaHead({ part, lead, aside }: AreaHeadProps): ReactNode {
  const words = useAuthenticityWords();
  return (
    <>
      <PageHead
        title={part === "queue" ? words.title : words.parts[part]}
        lead={lead}
        {...(aside === undefined ? {} : { aside })}
      />
      <PartLinks />
    </>
  );
}
