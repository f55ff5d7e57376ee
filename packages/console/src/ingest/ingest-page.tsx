import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ledgerQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { present } from "../shell/search-params.ts";
import { EmptyState } from "../ui/states.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { FlowPanel } from "./flow-panel.tsx";
import { type IngestTab, tabOf } from "./ingest-search.ts";
import { useIngestWords } from "./ingest-words.ts";
import { LettersPanel } from "./letters-panel.tsx";

const route = getRouteApi("/$marketplace/ingest");

/** What comes in, and what was refused and waits for a correction. */
export function IngestPage(): ReactNode {
  const { marketplace } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { t } = useVoice();
  const words = useIngestWords();
  const { can } = useCurrent();
  const waiting = useQuery({ ...ledgerQuery(marketplace), enabled: can("events:read") }).data?.lettersOpen ?? 0;
  const tabs = [
    {
      scope: "events:read" as const,
      value: "flow" as IngestTab,
      label: words.flow,
      panel: () => (
        <FlowPanel
          marketplace={marketplace}
          span={search.span ?? "day"}
          onSpan={(span) =>
            void navigate({
              search: present({ span: span === "day" ? undefined : span }),
              replace: true,
              resetScroll: false,
            })
          }
        />
      ),
    },
    {
      scope: "letters:read" as const,
      value: "letters" as IngestTab,
      label: words.letters(waiting),
      panel: () => <LettersPanel />,
    },
  ].filter(({ scope }) => can(scope));
  const wanted = tabOf(search);
  const shown = tabs.find(({ value }) => value === wanted) ?? tabs[0];
  return (
    <>
      <PageHead title={t.pages.ingest} lead={words.lead} />
      {shown === undefined ? (
        <EmptyState title={words.noRightTitle} text={words.noRight} />
      ) : (
        <Tabs
          label={words.tabs}
          value={shown.value}
          onChange={(tab) => void navigate({ search: tab === "flow" ? {} : { tab }, resetScroll: false })}
          tabs={tabs}
        />
      )}
    </>
  );
}
