import type { ModeratorDecision } from "@probity/contract";

export type DeskAct =
  | { readonly do: "decide"; readonly verdict: ModeratorDecision }
  | { readonly do: "move"; readonly by: number; readonly extends: boolean }
  | { readonly do: "end"; readonly to: "first" | "last" }
  | { readonly do: "pick"; readonly range: boolean }
  | { readonly do: "undo" | "open" | "leave" };

interface Pressed {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const verdicts: Readonly<Record<string, ModeratorDecision>> = { g: "genuine", n: "not-genuine", u: "unsure" };

/** What a key means in the queue; letters in either case, so that Shift can extend. */
export function deskActOf({ key, shiftKey, ctrlKey, metaKey, altKey }: Pressed): DeskAct | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  const letter = key.length === 1 ? key.toLowerCase() : key;
  const verdict = verdicts[letter];
  if (verdict !== undefined) return shiftKey ? undefined : { do: "decide", verdict };
  switch (letter) {
    case "j":
    case "ArrowDown":
      return { do: "move", by: 1, extends: shiftKey };
    case "k":
    case "ArrowUp":
      return { do: "move", by: -1, extends: shiftKey };
    case "Home":
      return { do: "end", to: "first" };
    case "End":
      return { do: "end", to: "last" };
    case "x":
    case " ":
      return { do: "pick", range: shiftKey };
    case "z":
      return { do: "undo" };
    case "o":
      return { do: "open" };
    case "Escape":
      return { do: "leave" };
    default:
      return undefined;
  }
}

/** Without the focus in the queue only these lead into it: letters after `g` lead to pages. */
export const leadsIn = (key: string): boolean => key === "j" || key === "k" || key === "z";
