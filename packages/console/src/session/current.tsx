import type { ApiKeyScope, Session } from "@probity/contract";
import { createContext, type ReactNode, useContext } from "react";

export type Marketplace = Session["marketplaces"][number];

export interface Current {
  readonly session: Session;
  readonly marketplace: Marketplace;
  /** Whether the person's role allows it here. The server checks it again. */
  can(scope: ApiKeyScope): boolean;
}

const CurrentContext = createContext<Current | undefined>(undefined);

export interface CurrentProviderProps {
  readonly session: Session;
  readonly marketplace: Marketplace;
  readonly children: ReactNode;
}

export function CurrentProvider({ session, marketplace, children }: CurrentProviderProps): ReactNode {
  const can = (scope: ApiKeyScope): boolean => marketplace.scopes.includes(scope);
  return <CurrentContext value={{ session, marketplace, can }}>{children}</CurrentContext>;
}

/** Who asks, and of which marketplace. */
export function useCurrent(): Current {
  const current = useContext(CurrentContext);
  if (current === undefined) throw new Error("no CurrentProvider stands above this component");
  return current;
}
