import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { buttonLink } from "../ui/button.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";

export function NotFoundPage(): ReactNode {
  const { t } = useVoice();
  return (
    <EmptyState
      whole
      title={t.shell.notFoundTitle}
      text={t.shell.notFound}
      action={
        <Link to="/" className={buttonLink()}>
          {t.shell.toStart}
        </Link>
      }
    />
  );
}

/** The same where no page stands around it. */
export function LostPage(): ReactNode {
  return (
    <main className="pt-16">
      <NotFoundPage />
    </main>
  );
}

export function ErrorPage({ error, reset }: ErrorComponentProps): ReactNode {
  const { t } = useVoice();
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  const retry = (): void => {
    queries.reset();
    reset();
    void router.invalidate();
  };
  return <ErrorState whole title={t.shell.errorTitle} text={problemWords(error, t)} onRetry={retry} />;
}

export function PendingPage(): ReactNode {
  return (
    <div className="pt-16">
      <Skeleton rows={8} />
    </div>
  );
}
