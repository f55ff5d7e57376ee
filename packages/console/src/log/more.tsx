import { type ReactNode, useState } from "react";

export interface MoreProps {
  readonly summary: string;
  readonly isOpenFirst?: boolean;
  readonly children: ReactNode;
}

/** Opens below a line; what is closed is not there, for Tab neither. */
export function More({ summary, isOpenFirst = false, children }: MoreProps): ReactNode {
  const [isOpen, setOpen] = useState(isOpenFirst);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="w-fit cursor-pointer text-sm text-jade">{summary}</summary>
      {isOpen ? <div className="mt-3">{children}</div> : null}
    </details>
  );
}
