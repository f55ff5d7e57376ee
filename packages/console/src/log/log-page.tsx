import type { LogStatus } from "@probity/contract";
import { ProbityError } from "@probity/sdk";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { Card } from "../ui/card.tsx";
import { ScrollText } from "../ui/icons.ts";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { AudienceCard } from "./audience-card.tsx";
import { AuditCommands } from "./audit-commands.tsx";
import { CheckpointsTable } from "./checkpoints-table.tsx";
import { EntryCard } from "./entry-card.tsx";
import { LogFigures } from "./log-figures.tsx";
import { logQuery } from "./log-queries.ts";
import { serverOf } from "./log-server.ts";
import { useLogWords } from "./log-words.ts";
import { KeysCard, NewestCard, WitnessesCard } from "./standing-cards.tsx";

const route = getRouteApi("/$marketplace/log");

function LogBody({ status }: { readonly status: LogStatus }): ReactNode {
  const { marketplace } = route.useParams();
  const { entry } = route.useSearch();
  const navigate = route.useNavigate();
  const words = useLogWords();
  return (
    <div className="flex flex-col gap-4">
      <LogFigures status={status} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <NewestCard status={status} />
          <WitnessesCard status={status} />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Card id="audit" title={words.audit.title} hint={words.audit.hint}>
            <AuditCommands
              server={serverOf(status)}
              marketplace={marketplace}
              isPublic={status.audience === "public"}
            />
          </Card>
          <AudienceCard status={status} />
        </div>
      </div>
      <EntryCard
        key={entry}
        status={status}
        entry={entry}
        onEntry={(next) => void navigate({ search: { entry: next }, resetScroll: false })}
      />
      <CheckpointsTable status={status} />
      <KeysCard status={status} />
    </div>
  );
}

/** How the public log fares, what stands in it, and how anybody checks it. */
export function LogPage(): ReactNode {
  const { marketplace } = route.useParams();
  const { t } = useVoice();
  const words = useLogWords();
  const status = useQuery(logQuery(marketplace));
  const isBegun = !(status.error instanceof ProbityError && status.error.code === "log-state");
  return (
    <>
      <PageHead title={t.pages.log} lead={words.lead} />
      {status.data !== undefined ? (
        <LogBody status={status.data} />
      ) : !status.isError ? (
        <Skeleton rows={6} />
      ) : isBegun ? (
        <ErrorState text={problemWords(status.error, t)} onRetry={() => void status.refetch()} />
      ) : (
        <EmptyState icon={ScrollText} title={words.notBegunTitle} text={words.notBegun} />
      )}
    </>
  );
}
