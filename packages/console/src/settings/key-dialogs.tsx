import type { ApiKey, EndpointAnswer } from "@probity/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { clientFor } from "../api/client.ts";
import { useCurrent } from "../session/current.tsx";
import { NumberField } from "../ui/number-field.tsx";
import { notify } from "../ui/toast.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import type { DialogTarget } from "./dialog-target.ts";
import { keyOverlapHoursMax } from "./rights.ts";
import { keysQuery } from "./settings-queries.ts";
import { useSettingsWords } from "./settings-words.ts";

const overlapHoursUsual = 24;

export function useKeyLabel(): (key: ApiKey | undefined) => string {
  const words = useSettingsWords().keys;
  return (key) => (key === undefined || key.label === "" ? words.unnamed : key.label);
}

export interface RotateDialogProps extends DialogTarget<ApiKey> {
  readonly onMade: (made: EndpointAnswer<"rotateKey">) => void;
}

/** A new key in place of one that works on for some hours. */
export function RotateDialog({ isOpen, target, close, onMade }: RotateDialogProps): ReactNode {
  const words = useSettingsWords().keys;
  const { marketplace } = useCurrent();
  const queries = useQueryClient();
  const labelOf = useKeyLabel();
  const [hours, setHours] = useState<number | null>(overlapHoursUsual);
  const isRight = hours !== null && Number.isInteger(hours) && hours >= 0 && hours <= keyOverlapHoursMax;
  const rotate = useMutation({
    mutationFn: async ({ key }: ApiKey) => {
      const body = { overlapHours: hours ?? overlapHoursUsual };
      onMade(await clientFor(marketplace.slug).call("rotateKey", { params: { key }, body }));
    },
    onSuccess: () => leave(),
    onSettled: () => queries.invalidateQueries({ queryKey: keysQuery(marketplace.slug).queryKey }),
  });
  const leave = (): void => {
    close();
    setHours(overlapHoursUsual);
    rotate.reset();
  };
  return (
    <ConfirmDialog
      open={isOpen}
      title={words.rotateTitle(labelOf(target))}
      text={words.rotateText}
      submit={words.rotateSubmit}
      busy={rotate.isPending}
      error={rotate.error}
      onSubmit={() => isRight && target && rotate.mutate(target)}
      onClose={leave}
    >
      <div className="max-w-64">
        <NumberField
          label={words.overlap}
          value={hours}
          onChange={setHours}
          min={0}
          max={keyOverlapHoursMax}
          error={isRight ? undefined : words.overlapWrong(keyOverlapHoursMax)}
        />
      </div>
    </ConfirmDialog>
  );
}

/** The end of a key, for good. */
export function RevokeDialog({ isOpen, target, close }: DialogTarget<ApiKey>): ReactNode {
  const words = useSettingsWords().keys;
  const { marketplace } = useCurrent();
  const queries = useQueryClient();
  const labelOf = useKeyLabel();
  const revoke = useMutation({
    mutationFn: ({ key }: ApiKey) => clientFor(marketplace.slug).call("revokeKey", { params: { key }, body: {} }),
    onSuccess: (_, key) => {
      close();
      notify({ title: words.revoked(labelOf(key)) });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keysQuery(marketplace.slug).queryKey }),
  });
  return (
    <ConfirmDialog
      open={isOpen}
      title={words.revokeTitle(labelOf(target))}
      text={words.revokeText}
      submit={words.revoke}
      danger
      busy={revoke.isPending}
      error={revoke.error}
      onSubmit={() => target && revoke.mutate(target)}
      onClose={() => {
        close();
        revoke.reset();
      }}
    />
  );
}
