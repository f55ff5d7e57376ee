import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation, useRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { sessionQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { setSessionEnded, useSessionEnded } from "./ended.ts";
import { SignInForm } from "./sign-in-form.tsx";

/** Over the page as it is: behind it nothing is taken down, so nothing typed is lost. */
export function ExpiredDialog(): ReactNode {
  const { t } = useVoice();
  const ended = useSessionEnded();
  const client = useQueryClient();
  const router = useRouter();
  const here = useLocation({ select: ({ href }) => href });
  const { data: session } = useQuery(sessionQuery);
  if (session === undefined) return null;
  const onDone = (): void => {
    setSessionEnded(false);
    void client.invalidateQueries();
  };
  return (
    <Dialog
      open={ended}
      onOpenChange={(open) => setSessionEnded(open)}
      title={t.session.expiredTitle}
      description={t.session.expiredLead}
      firm
    >
      <SignInForm
        signIn={session.signIn}
        returnTo={`${router.basepath}${here}`.replaceAll("//", "/")}
        onDone={onDone}
      />
    </Dialog>
  );
}
