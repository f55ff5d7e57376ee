import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useCurrent } from "../session/current.tsx";
import { Card } from "../ui/card.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import { firstEventCommand } from "./first-event.ts";
import { KeyForm } from "./key-form.tsx";
import { KeysCard } from "./keys-card.tsx";
import { LookOnly } from "./notes.tsx";
import { SecretDialog } from "./secret-dialog.tsx";
import { keysQuery } from "./settings-queries.ts";
import { useSettingsWords } from "./settings-words.ts";

/** What to do with a key, ready to be run. */
function ExampleCard(): ReactNode {
  const words = useSettingsWords().keys;
  const { marketplace } = useCurrent();
  const [command] = useState(() => firstEventCommand(location.origin, marketplace.currency, new Date()));
  return (
    <Card id="first-event" title={words.example} hint={words.exampleHint}>
      <CopyText text={command} />
    </Card>
  );
}

/** Keys that programs use: made, rotated, revoked. */
export function KeysSection(): ReactNode {
  const words = useSettingsWords();
  const { session, marketplace, can } = useCurrent();
  const queries = useQueryClient();
  // Not in the cache of queries or mutations: it lives as long as the dialog shows it.
  const [token, setToken] = useState<string | undefined>(undefined);
  const onMade = (made: { readonly token: string }): void => {
    setToken(made.token);
    void queries.invalidateQueries({ queryKey: keysQuery(marketplace.slug).queryKey });
  };
  const why = can("keys:read") ? words.keys.readOnly : words.keys.hidden;
  return (
    <>
      {can("keys:write") ? null : <LookOnly>{session.person?.isVisitor === true ? words.visitor : why}</LookOnly>}
      {can("keys:read") ? <KeysCard onMade={onMade} /> : null}
      {can("keys:write") ? (
        <Card id="make-key" title={words.keys.make} hint={words.keys.makeHint}>
          <KeyForm onMade={onMade} />
        </Card>
      ) : null}
      <ExampleCard />
      <SecretDialog title={words.keys.madeTitle} secret={token} onClose={() => setToken(undefined)} />
    </>
  );
}
