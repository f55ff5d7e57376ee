import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { sessionClient } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { sessionsQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Appearance } from "../shell/appearance.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { notify } from "../ui/toast.tsx";

/** Where one is signed in, and the end of what one does not know. */
function Sessions(): ReactNode {
  const { t, f } = useVoice();
  const queries = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (session: string) => sessionClient.call("revokeSession", { params: { session }, body: {} }),
    onSuccess: () => {
      notify({ title: t.settings.ended });
      void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
    onError: (error) => notify({ title: t.problem.title, text: problemWords(error, t), look: "bad" }),
  });
  if (sessions.isPending) return <Skeleton rows={2} rowPx={56} />;
  if (sessions.isError)
    return <ErrorState text={problemWords(sessions.error, t)} onRetry={() => void sessions.refetch()} />;
  return (
    <ul>
      {sessions.data.items.map((item) => (
        <li
          key={item.session}
          className="flex items-center gap-3 border-t border-line py-2.5 first:border-t-0 first:pt-0"
        >
          <div className="min-w-0 flex-1">
            <p className="flex flex-wrap items-center gap-2">
              <span className="min-w-0 truncate">{item.agent ?? t.settings.unknownAgent}</span>
              {item.current ? <Chip look="good">{t.settings.current}</Chip> : null}
            </p>
            <p className="text-sm text-ink-3">
              {[...(item.address === null ? [] : [item.address]), t.settings.lastUsed(f.moment(item.lastUsedAt))].join(
                " · ",
              )}
            </p>
          </div>
          {item.current ? null : (
            <Button
              small
              look="danger"
              busy={end.isPending && end.variables === item.session}
              onClick={() => end.mutate(item.session)}
            >
              {t.settings.end}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

export function SettingsPage(): ReactNode {
  const { t } = useVoice();
  const { session } = useCurrent();
  return (
    <>
      <PageHead title={t.pages.settings} />
      <div className="grid max-w-3xl gap-4">
        <Card id="appearance" title={t.settings.appearance}>
          <div className="flex">
            <Appearance />
          </div>
        </Card>
        {session.person?.isVisitor === false ? (
          <Card id="sessions" title={t.settings.sessions} hint={t.settings.sessionsHint}>
            <Sessions />
          </Card>
        ) : null}
      </div>
    </>
  );
}
