import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { loadMessages, MessagesProvider } from "../messages/messages.tsx";
import { columns } from "./gallery-columns.fixture.tsx";
import { controls } from "./gallery-controls.fixture.tsx";
import { curves } from "./gallery-curves.fixture.tsx";
import { evidence } from "./gallery-evidence.fixture.tsx";
import { networks } from "./gallery-networks.fixture.tsx";
import { tables } from "./gallery-tables.fixture.tsx";
import { Surroundings } from "./surroundings.tsx";
import "../style.css";

/** Every component of src/ui on a page of its own: `?show=button&locale=en`. */
const examples: Readonly<Record<string, () => ReactNode>> = {
  ...columns,
  ...controls,
  ...curves,
  ...evidence,
  ...networks,
  ...tables,
};

const asked = new URLSearchParams(location.search);
const locale = asked.get("locale") === "zh-CN" ? "zh-CN" : "en";
const Example = examples[asked.get("show") ?? ""];
const root = document.getElementById("root");
if (root === null || Example === undefined) throw new Error(`no example ${asked.get("show")}`);
createRoot(root).render(
  <StrictMode>
    <MessagesProvider locale={locale} messages={await loadMessages(locale)}>
      <Surroundings>
        <main className="p-6">
          <h1 className="sr-only">{asked.get("show")}</h1>
          <Example />
        </main>
      </Surroundings>
    </MessagesProvider>
  </StrictMode>,
);
