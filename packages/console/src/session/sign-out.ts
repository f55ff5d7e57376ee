import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { sessionClient } from "../api/client.ts";
import { problemWords } from "../api/problem-words.ts";
import { sessionQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { notify } from "../ui/toast.tsx";
import { whileLeaving } from "./ended.ts";

/** Ends the session on the server, forgets what was read, and goes to the sign-in page. */
export function useSignOut(): () => void {
  const { t } = useVoice();
  const client = useQueryClient();
  const navigate = useNavigate();
  return () => {
    void (async () => {
      try {
        await sessionClient.call("signOut", { body: {} });
        await whileLeaving(async () => {
          // Forgotten first: the sign-in page asks who is signed in before it shows, and going back finds nobody.
          client.removeQueries({ queryKey: sessionQuery.queryKey });
          await navigate({ to: "/sign-in" });
          client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" && queryKey[0] !== "metrics" });
        });
        notify({ title: t.shell.signedOut });
      } catch (error) {
        notify({ title: t.problem.title, text: problemWords(error, t), look: "bad" });
      }
    })();
  };
}
