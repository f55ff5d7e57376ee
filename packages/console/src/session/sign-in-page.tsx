import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useLocation, useRouter, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { sessionQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { Appearance } from "../shell/appearance.tsx";
import { Brand } from "../shell/brand.tsx";
import { NewPersonForm } from "./new-person-form.tsx";
import { SignInForm } from "./sign-in-form.tsx";

function Sheet({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 pt-[min(14dvh,120px)] pb-8">
      <main className="w-full max-w-[360px]">
        <div className="mb-6 flex justify-center">
          <Brand large />
        </div>
        <section className="rounded-card border border-line bg-sheet p-6 shadow-sheet">
          <h1 className="text-xl font-semibold">{title}</h1>
          <p className="mt-1 mb-5 text-ink-2">{lead}</p>
          {children}
        </section>
      </main>
      <footer className="mt-6 w-full max-w-[360px]">
        <Appearance />
      </footer>
    </div>
  );
}

/** Takes up what the session now is, everywhere, and goes on. */
function useGoOn(): (to: string) => () => void {
  const client = useQueryClient();
  const router = useRouter();
  return (to) => () => {
    void (async () => {
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "metrics" && queryKey[0] !== "session" });
      await client.query({ ...sessionQuery, staleTime: 0 });
      await router.navigate({ href: to });
    })();
  };
}

export function SignInPage(): ReactNode {
  const { t } = useVoice();
  const { next = "/" } = useSearch({ from: "/sign-in" });
  const { data: session } = useSuspenseQuery(sessionQuery);
  const router = useRouter();
  const goOn = useGoOn()(next);
  // The demo keeps nothing: there one looks around.
  if (session.signIn.firstRun && !session.signIn.visitor) {
    return (
      <Sheet title={t.session.firstRunTitle} lead={t.session.firstRunLead}>
        <NewPersonForm onDone={goOn} />
      </Sheet>
    );
  }
  return (
    <Sheet title={t.session.title} lead={t.session.lead}>
      <SignInForm signIn={session.signIn} returnTo={`${router.basepath}${next}`.replaceAll("//", "/")} onDone={goOn} />
    </Sheet>
  );
}

export function InvitePage(): ReactNode {
  const { t } = useVoice();
  const token = useLocation({ select: ({ hash }) => hash });
  const goOn = useGoOn()("/");
  return (
    <Sheet title={t.session.inviteTitle} lead={token === "" ? t.session.inviteMissing : t.session.inviteLead}>
      {token === "" ? null : <NewPersonForm invite={token} onDone={goOn} />}
    </Sheet>
  );
}
