import type { ReactNode } from "react";
import { Card } from "../ui/card.tsx";
import { Check, Minus } from "../ui/icons.ts";
import { roleNames, scopeNames, scopesOfRole } from "./rights.ts";
import { useSettingsWords } from "./settings-words.ts";

/** Role by right, in words: what one gives somebody with a role. */
export function RoleRightsCard(): ReactNode {
  const words = useSettingsWords();
  return (
    <Card id="role-rights" title={words.rightsTitle} hint={words.rightsHint}>
      <dl className="mb-4 grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[auto_minmax(0,1fr)]">
        {roleNames.map((role) => (
          <div key={role} className="contents">
            <dt className="font-medium max-sm:mt-1">{words.roles[role]}</dt>
            <dd className="text-ink-2">{words.roleHints[role]}</dd>
          </div>
        ))}
      </dl>
      <div className="relative overflow-x-auto" tabIndex={0} role="group" aria-labelledby="role-rights-title">
        <table className="w-full min-w-[600px] table-fixed border-separate border-spacing-0 text-sm">
          <thead>
            <tr className="text-xs text-ink-3">
              <th scope="col" className="sticky start-0 z-10 w-44 bg-sheet sm:w-56 py-1.5 text-start font-medium">
                {words.rightsColumn}
              </th>
              {roleNames.map((role) => (
                <th key={role} scope="col" className="py-1.5 text-center font-medium">
                  {words.roles[role]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {scopeNames.map((scope) => (
              <tr key={scope}>
                <th
                  scope="row"
                  className="sticky start-0 z-10 border-t border-line bg-sheet py-1.5 pe-2 text-start font-normal"
                >
                  {words.rights[scope]}
                </th>
                {roleNames.map((role) => {
                  const may = scopesOfRole[role].includes(scope);
                  return (
                    <td key={role} className="border-t border-line py-1.5">
                      <span className={`flex justify-center ${may ? "text-jade" : "text-ink-3"}`}>
                        {may ? <Check size={15} strokeWidth={2.5} aria-hidden /> : <Minus size={13} aria-hidden />}
                        <span className="sr-only">{may ? words.may : words.mayNot}</span>
                      </span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
