import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { sessionClient } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { sessionsQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { notify } from "../ui/toast.tsx";
import { useProblemNotice } from "./notes.tsx";
import { useSettingsWords } from "./settings-words.ts";

function Sessions(): ReactNode {
  const { t, f } = useVoice();
  const words = useSettingsWords();
  const tell = useProblemNotice();
  const queries = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const end = useMutation({
    mutationFn: (session: string) => sessionClient.call("revokeSession", { params: { session }, body: {} }),
    onSuccess: () => notify({ title: words.sessions.ended }),
    onError: tell,
    onSettled: () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  if (sessions.data === undefined) {
    return sessions.isError ? (
      <ErrorState text={problemWords(sessions.error, t)} onRetry={() => void sessions.refetch()} />
    ) : (
      <Skeleton rows={2} rowPx={56} />
    );
  }
  return (
    <ul>
      {sessions.data.items.map((item) => (
        <li
          key={item.session}
          className="flex items-center gap-3 border-t border-line py-2.5 first:border-t-0 first:pt-0 last:pb-0"
        >
          <div className="min-w-0 flex-1">
            <p className="flex flex-wrap items-center gap-2">
              <span className="min-w-0 truncate">{item.agent ?? words.sessions.unknownAgent}</span>
              {item.current ? <Chip look="good">{words.sessions.current}</Chip> : null}
            </p>
            <p className="text-sm text-ink-3">
              {[
                ...(item.address === null ? [] : [item.address]),
                words.sessions.lastUsed(f.moment(item.lastUsedAt)),
              ].join(" · ")}
            </p>
          </div>
          {item.current ? null : (
            <Button
              small
              look="danger"
              busy={end.isPending && end.variables === item.session}
              onClick={() => end.mutate(item.session)}
            >
              {words.sessions.end}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Where one is signed in, and the end of what one does not know. */
export function SessionsCard(): ReactNode {
  const words = useSettingsWords();
  return (
    <Card id="sessions" title={words.sessions.title} hint={words.sessions.hint}>
      <Sessions />
    </Card>
  );
}
