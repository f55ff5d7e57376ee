import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { Button } from "./button.tsx";
import { type Icon, TriangleAlert } from "./icons.ts";

export interface EmptyStateProps {
  readonly title: string;
  readonly text?: string;
  readonly icon?: Icon;
  readonly action?: ReactNode;
  /** It is all there is on the page, so its title is the page's. */
  readonly whole?: boolean;
}

export function EmptyState({ title, text, icon: Glyph, action, whole = false }: EmptyStateProps): ReactNode {
  const Title = whole ? "h1" : "p";
  return (
    <div className="flex flex-col items-center gap-1 px-6 py-12 text-center">
      {Glyph === undefined ? null : <Glyph size={26} strokeWidth={1.5} aria-hidden className="mb-2 text-ink-3" />}
      <Title className="font-semibold">{title}</Title>
      {text === undefined ? null : <p className="max-w-prose text-ink-2">{text}</p>}
      {action === undefined ? null : <div className="mt-3">{action}</div>}
    </div>
  );
}

export interface ErrorStateProps {
  readonly title?: string;
  readonly text: string;
  readonly onRetry?: () => void;
  readonly action?: ReactNode;
  /** It is all there is on the page, so its title is the page's. */
  readonly whole?: boolean;
}

export function ErrorState({ title, text, onRetry, action, whole = false }: ErrorStateProps): ReactNode {
  const { t } = useVoice();
  const Title = whole ? "h1" : "p";
  return (
    <div role="alert" className="flex flex-col items-center gap-1 px-6 py-12 text-center">
      <TriangleAlert size={26} strokeWidth={1.5} aria-hidden className="mb-2 text-cinnabar" />
      <Title className="font-semibold">{title ?? t.ui.errorTitle}</Title>
      <p className="max-w-prose text-ink-2">{text}</p>
      <div className="mt-3 flex gap-2">
        {onRetry === undefined ? null : <Button onClick={onRetry}>{t.ui.retry}</Button>}
        {action}
      </div>
    </div>
  );
}

export interface SkeletonProps {
  readonly rows?: number;
  /** Height of a row in CSS pixels, so that nothing jumps when the content comes. */
  readonly rowPx?: number;
}

/** Stands where content will be. Says that it loads once, not row by row. */
export function Skeleton({ rows = 6, rowPx = 40 }: SkeletonProps): ReactNode {
  const { t } = useVoice();
  return (
    <div role="status" aria-label={t.ui.loading} className="flex flex-col">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center border-t border-line first:border-t-0" style={{ height: rowPx }}>
          <span
            className="h-2.5 animate-pulse rounded-full bg-line"
            style={{ width: `${[62, 48, 71, 55, 66, 43][row % 6]}%` }}
          />
        </div>
      ))}
    </div>
  );
}
