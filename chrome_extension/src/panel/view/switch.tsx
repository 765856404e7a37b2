/** A switch with its words; what it does happens at once. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface Props {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (on: boolean) => void;
  /** What it does, or what comes of it. */
  readonly children?: ComponentChildren;
}

export function Switch({ label, isOn, onChange, children }: Props) {
  const id = useId();
  return (
    <div class="switch-row">
      <div class="switch-words">
        <span id={id}>{label}</span>
        {children !== undefined && (
          <span class="muted" id={`${id}-note`}>
            {children}
          </span>
        )}
      </div>
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked={isOn}
        aria-labelledby={id}
        {...(children !== undefined && { "aria-describedby": `${id}-note` })}
        onClick={() => onChange(!isOn)}
      >
        <span class="switch-knob" />
      </button>
    </div>
  );
}
