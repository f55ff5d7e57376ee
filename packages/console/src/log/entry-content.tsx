import type { Entry } from "@probity/verifier/audit/entry";
import type { CheckedReceipt } from "@probity/verifier/tlog/receipt";
import type { ReactNode } from "react";
import { useVoice } from "../messages/messages.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import { useLogWords } from "./log-words.ts";
import { More } from "./more.tsx";

const dayMs = 86_400_000;
const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="min-w-0">
      <h3 className="mb-1 text-xs font-medium text-ink-3">{title}</h3>
      {children}
    </div>
  );
}

function Pairs({ pairs }: { readonly pairs: readonly (readonly [string, unknown])[] }): ReactNode {
  return (
    <dl className="grid grid-cols-[fit-content(45%)_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
      {pairs.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="font-mono text-xs wrap-anywhere text-ink-3">{name}</dt>
          <dd className="wrap-anywhere">
            <bdi>{shown(value)}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Differences({ facts }: { readonly facts: Entry["facts"] }): ReactNode {
  const { f } = useVoice();
  const { columns } = useLogWords().entry;
  const head = "pe-4 pb-1 text-start text-xs font-medium text-ink-3";
  return (
    // oxlint-disable-next-line no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div tabIndex={0} role="region" aria-label={columns.metric} className="overflow-x-auto">
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr>
            {(["subject", "metric", "day", "n", "x"] as const).map((name) => (
              <th
                key={name}
                scope="col"
                className={name === "n" || name === "x" ? head.replace("text-start", "text-end") : head}
              >
                {columns[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {facts.map(({ subject, metric, day, n, x }) => (
            <tr key={`${subject} ${metric} ${day}`} className="border-t border-line align-top">
              <td className="py-1 pe-4 font-mono text-xs whitespace-nowrap" title={subject}>
                {subject.slice(0, 10)}…
              </td>
              <td className="py-1 pe-4 font-mono text-xs">{metric}</td>
              <td className="py-1 pe-4 whitespace-nowrap">{f.day(new Date(day * dayMs).toISOString().slice(0, 10))}</td>
              <td className="py-1 pe-4 text-end tabular-nums">{f.signed(n)}</td>
              <td className="py-1 text-end tabular-nums">{f.signed(x)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** An entry in words: what it names, what it changed, what it publishes, what it keeps back. */
export function EntryContent({
  entry,
  checked,
}: {
  readonly entry: Entry;
  readonly checked: CheckedReceipt;
}): ReactNode {
  const words = useLogWords().entry;
  const { categories, facts, act, digests } = entry;
  const count = (JSON.parse(digests) as unknown[]).length;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {categories.length === 0 ? null : (
        <Part title={words.named}>
          <Pairs
            pairs={categories.map(({ subject, category }) => [
              subject,
              category === "" ? words.noCategory : words.inCategory(category),
            ])}
          />
        </Part>
      )}
      <Part title={words.differences}>
        {facts.length === 0 ? (
          <p className="text-sm text-ink-2">{words.noDifferences}</p>
        ) : (
          <Differences facts={facts} />
        )}
      </Part>
      {act === null ? null : (
        <Part title={words.act}>
          <Pairs pairs={Object.entries(act)} />
        </Part>
      )}
      {checked.fields.length === 0 ? null : (
        <Part title={words.fields}>
          <Pairs pairs={checked.fields.map(({ name, value }) => [name, value])} />
        </Part>
      )}
      <p className="text-sm text-ink-2">{words.digests(count, checked.fields.length)}</p>
      <More summary={words.asText}>
        <CopyText text={checked.content.entry} />
      </More>
    </div>
  );
}
