import type { ApiKey, EndpointAnswer } from "@probity/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemWords } from "../api/problem-words.ts";
import { useVoice } from "../messages/messages.tsx";
import { useCurrent } from "../session/current.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { Chip } from "../ui/chip.tsx";
import { EmptyState, ErrorState, Skeleton } from "../ui/states.tsx";
import { useDialogTarget } from "./dialog-target.ts";
import { RevokeDialog, RotateDialog, useKeyLabel } from "./key-dialogs.tsx";
import { scopeNames } from "./rights.ts";
import { ActWords, RowTable } from "./row-table.tsx";
import { keysQuery } from "./settings-queries.ts";
import { useSettingsWords } from "./settings-words.ts";

const hasStopped = ({ revokedAt }: ApiKey): boolean => revokedAt !== null && Date.parse(revokedAt) <= Date.now();

function StateCell({ item }: { readonly item: ApiKey }): ReactNode {
  const { f } = useVoice();
  const words = useSettingsWords().keys;
  if (item.revokedAt === null) return <Chip look="good">{words.inForce}</Chip>;
  const when = f.moment(item.revokedAt);
  return hasStopped(item) ? (
    <span className="text-sm text-ink-3">{words.stopped(when)}</span>
  ) : (
    <span className="text-sm text-amber">{words.stops(when)}</span>
  );
}

function ScopesCell({ scopes }: Pick<ApiKey, "scopes">): ReactNode {
  const words = useSettingsWords();
  if (scopes.length === scopeNames.length) return words.keys.every;
  return (
    <ul className="flex flex-wrap gap-x-2 font-mono text-xs text-ink-2">
      {scopes.map((scope) => (
        <li key={scope} title={words.rights[scope]}>
          {scope}
        </li>
      ))}
    </ul>
  );
}

export interface KeysCardProps {
  /** A rotation made a key: its token is to be shown. */
  readonly onMade: (made: EndpointAnswer<"rotateKey">) => void;
}

function KeysTable({ keys, onMade }: KeysCardProps & { readonly keys: readonly ApiKey[] }): ReactNode {
  const { f } = useVoice();
  const all = useSettingsWords();
  const words = all.keys;
  const { can } = useCurrent();
  const labelOf = useKeyLabel();
  const rotation = useDialogTarget<ApiKey>();
  const revocation = useDialogTarget<ApiKey>();
  const dated = (text: string): ReactNode => <span className="text-sm whitespace-nowrap text-ink-2">{text}</span>;
  const columns = [
    {
      id: "label",
      title: words.columns.label,
      cell: (key: ApiKey) => <bdi className="block min-w-28 wrap-anywhere">{labelOf(key)}</bdi>,
    },
    { id: "scopes", title: words.columns.scopes, cell: (key: ApiKey) => <ScopesCell scopes={key.scopes} /> },
    { id: "created", title: words.columns.created, cell: (key: ApiKey) => dated(f.day(key.createdAt)) },
    {
      id: "used",
      title: words.columns.used,
      cell: ({ lastUsedAt }: ApiKey) => dated(lastUsedAt === null ? all.never : f.moment(lastUsedAt)),
    },
    { id: "state", title: words.columns.state, cell: (key: ApiKey) => <StateCell item={key} /> },
  ];
  const acts = (key: ApiKey): ReactNode =>
    hasStopped(key) ? null : (
      <>
        {key.revokedAt === null ? (
          <Button small onClick={() => rotation.show(key)}>
            <ActWords short={words.rotate} full={words.rotateLabel(labelOf(key))} />
          </Button>
        ) : null}
        <Button small look="danger" onClick={() => revocation.show(key)}>
          <ActWords short={words.revoke} full={words.revokeLabel(labelOf(key))} />
        </Button>
      </>
    );
  // Those that work come first, each part newest first as the server has them.
  const rows = keys.toSorted((one, other) => Number(hasStopped(one)) - Number(hasStopped(other)));
  return (
    <>
      <RowTable
        labelledBy="keys-title"
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
        {...(can("keys:write") ? { acts } : {})}
      />
      <RotateDialog {...rotation} onMade={onMade} />
      <RevokeDialog {...revocation} />
    </>
  );
}

/** Keys of the marketplace, their rights and whether they still work. */
export function KeysCard({ onMade }: KeysCardProps): ReactNode {
  const { t } = useVoice();
  const words = useSettingsWords().keys;
  const { marketplace } = useCurrent();
  const keys = useQuery(keysQuery(marketplace.slug));
  return (
    <Card id="keys" title={words.title} hint={words.hint}>
      {keys.data === undefined ? (
        keys.isError ? (
          <ErrorState text={problemWords(keys.error, t)} onRetry={() => void keys.refetch()} />
        ) : (
          <Skeleton rows={3} rowPx={56} />
        )
      ) : keys.data.items.length === 0 ? (
        <EmptyState title={words.emptyTitle} text={words.empty} />
      ) : (
        <KeysTable keys={keys.data.items} onMade={onMade} />
      )}
    </Card>
  );
}
