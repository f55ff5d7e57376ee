import { type ReactNode, useEffect } from "react";
import { useVoice } from "../messages/messages.tsx";

export interface PageHeadProps {
  readonly title: string;
  readonly lead?: string;
  /** Where one came from, above the title. */
  readonly crumb?: ReactNode;
  readonly aside?: ReactNode;
}

/** Names the page in the window's title too. */
export function usePageTitle(title: string): void {
  const { t } = useVoice();
  useEffect(() => {
    document.title = `${title} · ${t.brand}`;
  }, [title, t.brand]);
}

export function PageHead({ title, lead, crumb, aside }: PageHeadProps): ReactNode {
  usePageTitle(title);
  return (
    <header className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-2">
      <div className="min-w-0 flex-1 basis-64">
        {crumb === undefined ? null : <div className="text-sm text-ink-3">{crumb}</div>}
        <h1 className="text-xl font-semibold">
          <bdi>{title}</bdi>
        </h1>
        {lead === undefined ? null : <p className="max-w-prose text-ink-2">{lead}</p>}
      </div>
      {aside}
    </header>
  );
}
