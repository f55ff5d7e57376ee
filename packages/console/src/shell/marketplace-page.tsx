import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { useLive } from "../api/live.ts";
import { sessionQuery } from "../api/queries.ts";
import { useVoice } from "../messages/messages.tsx";
import { CurrentProvider } from "../session/current.tsx";
import { setSessionEnded } from "../session/ended.ts";
import { useSignOut } from "../session/sign-out.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/states.tsx";
import { Shell } from "./shell.tsx";

/** For visitors only: nobody else waits for it. */
const Tour = lazy(async () => ({ default: (await import("../tour/tour.tsx")).Tour }));

function NoMarketplace({ slug }: { readonly slug: string }): ReactNode {
  const { t } = useVoice();
  const signOut = useSignOut();
  const none = slug === "";
  return (
    <main>
      <EmptyState
        whole
        title={none ? t.shell.noMarketplaceTitle : t.shell.foreignTitle(slug)}
        text={none ? t.shell.noMarketplace : t.shell.foreign}
        action={<Button onClick={signOut}>{t.shell.signOut}</Button>}
      />
    </main>
  );
}

/** Everything of one marketplace. When the session ends meanwhile, the page stays as it was. */
export function MarketplacePage({ slug }: { readonly slug: string }): ReactNode {
  const { data: session } = useQuery(sessionQuery);
  const last = useRef(session);
  const gone = session?.person === null;
  useEffect(() => {
    if (gone) setSessionEnded(true);
  }, [gone]);
  if (session !== undefined && !gone) last.current = session;
  const shown = last.current;
  const marketplace = shown?.marketplaces.find((one) => one.slug === slug);
  useLive(slug, !gone && marketplace?.scopes.includes("events:read") === true);
  if (shown === undefined) return null;
  if (marketplace === undefined) return <NoMarketplace slug={slug} />;
  return (
    <CurrentProvider session={shown} marketplace={marketplace}>
      <Shell>
        <Outlet />
        {shown.person?.isVisitor === true ? (
          <Suspense>
            <Tour />
          </Suspense>
        ) : null}
      </Shell>
    </CurrentProvider>
  );
}
