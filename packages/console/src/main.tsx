import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { isSessionEnded } from "./api/client.ts";
import { pickLocale, readKept } from "./messages/locale.ts";
import { loadMessages, MessagesProvider } from "./messages/messages.tsx";
import { makeRouter } from "./routes.tsx";
import { setSessionEnded } from "./session/ended.ts";
import { Surroundings } from "./ui/surroundings.tsx";
import "./style.css";

const onError = (error: unknown): void => {
  if (isSessionEnded(error)) setSessionEnded(true);
};

// The client of the SDK tries again by itself, by what the server says; trying twice would be twice too often.
const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: { queries: { retry: false }, mutations: { retry: false } },
});
const router = makeRouter(queryClient);
const locale = pickLocale(readKept(), navigator.languages);
const messages = await loadMessages(locale);
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <MessagesProvider locale={locale} messages={messages}>
      <QueryClientProvider client={queryClient}>
        <Surroundings>
          <RouterProvider router={router} />
        </Surroundings>
      </QueryClientProvider>
    </MessagesProvider>
  </StrictMode>,
);
