import type { ReactNode } from "react";
import { CopyText } from "../ui/copy-text.tsx";
import { useLogWords } from "./log-words.ts";

export interface AuditCommandsProps {
  /** Address of the server as others reach it. */
  readonly server: string;
  readonly marketplace: string;
  readonly isPublic: boolean;
}

/** What an outsider types to check a marketplace without trusting this server's programs. */
export function AuditCommands({ server, marketplace, isPublic }: AuditCommandsProps): ReactNode {
  const words = useLogWords().audit;
  const key = isPublic ? "" : " --key KEY";
  const policy = "--policy trust-policy.txt";
  const commands = [
    { step: "policy", text: `curl -fsSo trust-policy.txt \\\n  ${server}/log/${marketplace}/trust-policy` },
    { step: "audit", text: `probity audit ${server} \\\n  --marketplace ${marketplace} ${policy}${key}` },
    {
      step: "python",
      text: `python3 auditors/python/probity_audit.py \\\n  ${server} \\\n  --marketplace ${marketplace} ${policy}${key}`,
    },
  ] as const;
  return (
    <>
      <ol className="flex flex-col gap-3">
        {commands.map(({ step, text }) => (
          <li key={step} className="min-w-0">
            <p className="mb-1 text-sm font-medium text-ink-2">{words.steps[step]}</p>
            <CopyText text={text} />
          </li>
        ))}
      </ol>
      {isPublic ? null : <p className="mt-3 text-sm text-ink-2">{words.key}</p>}
    </>
  );
}
