/** One field of the form: its label, what it is for, and, beside it, what is wrong with it. */

import type { ComponentChildren } from "preact";

import { Icon, WARNING } from "../../panel/view/icons.tsx";
import type { SettingName } from "../settings.ts";
import type { Wrong } from "./draft.ts";

interface Props {
  readonly name: SettingName;
  readonly label: string;
  readonly help?: string;
  readonly wrong: string | undefined;
  readonly children: ComponentChildren;
}

export function Field({ name, label, help, wrong, children }: Props) {
  return (
    <div class="settings-field">
      <label for={name}>{label}</label>
      {help !== undefined && (
        <p class="settings-help" id={`${name}-help`}>
          {help}
        </p>
      )}
      {children}
      <p class="wrong" id={`${name}-wrong`}>
        {wrong !== undefined && (
          <>
            <Icon paths={WARNING} />
            <span>{wrong}</span>
          </>
        )}
      </p>
    </div>
  );
}

/** What an input needs to belong to its `Field`. */
export function fieldAttributes(name: SettingName, wrong: Wrong) {
  return {
    id: name,
    name,
    "aria-describedby": `${name}-help ${name}-wrong`,
    "aria-invalid": wrong[name] !== undefined,
  };
}

interface GroupProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

export function Group({ title, children }: GroupProps) {
  return (
    <fieldset class="settings-group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}
