// Our controls. The only file that knows @vscode/webview-ui-toolkit, which is archived upstream: it registers the
// toolkit's web components and hands them out as typed React components, so that replacing it stays one file's work.

import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDivider,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
} from "@vscode/webview-ui-toolkit";
import type { ClassAttributes, HTMLAttributes, MouseEvent, ReactNode } from "react";

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeDivider(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeProgressRing(),
);

/** What React passes to a custom element: attributes, or properties where the element has them. */
type Custom<Own = object> = ClassAttributes<HTMLElement> & HTMLAttributes<HTMLElement> & Own;

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "vscode-button": Custom<{ readonly appearance: "primary" | "secondary" | "icon"; readonly disabled: boolean }>;
      "vscode-divider": Custom;
      "vscode-dropdown": Custom<{ readonly value: string; readonly disabled: boolean }>;
      "vscode-option": Custom<{ readonly value: string }>;
      "vscode-progress-ring": Custom;
    }
  }
}

interface ButtonProps {
  readonly label: string;
  /** A codicon's name. */
  readonly icon?: string;
  readonly appearance?: "primary" | "secondary";
  readonly disabled?: boolean;
  /** Says more than the label, above all why it is disabled. */
  readonly hint?: string;
  readonly onPress: () => void;
}

export function Button({ label, icon, appearance = "secondary", disabled = false, hint, onPress }: ButtonProps) {
  return (
    <vscode-button
      appearance={appearance}
      disabled={disabled}
      title={hint ?? label}
      onClick={unless(disabled, onPress)}
    >
      {icon && <Icon name={icon} slot="start" />}
      {label}
    </vscode-button>
  );
}

interface IconButtonProps extends Omit<ButtonProps, "appearance" | "icon" | "onPress"> {
  readonly icon: string;
  /** Draws it as switched on. The toolkit tells screen readers nothing of it, so the label must say what a press does. */
  readonly on?: boolean;
  /** Whether the menu it opens is open; undefined for what opens none. */
  readonly menu?: boolean;
  readonly onPress: (event: MouseEvent<HTMLElement>) => void;
}

export function IconButton({ label, icon, disabled = false, hint, on = false, menu, onPress }: IconButtonProps) {
  return (
    <vscode-button
      appearance="icon"
      aria-label={label}
      {...(menu !== undefined && { "aria-haspopup": "menu", "aria-expanded": menu })}
      className={on ? "is-on" : undefined}
      disabled={disabled}
      title={hint ?? label}
      onClick={unless(disabled, onPress)}
    >
      <Icon name={icon} />
    </vscode-button>
  );
}

interface DropdownProps {
  readonly label: string;
  readonly options: readonly string[];
  readonly value: string;
  readonly disabled?: boolean;
  readonly onChoose: (option: string) => void;
}

export function Dropdown({ label, options, value, disabled = false, onChoose }: DropdownProps) {
  return (
    <vscode-dropdown
      // The toolkit looks its value up among the options it was born with.
      key={options.join("\n")}
      aria-label={label}
      title={label}
      value={value}
      disabled={disabled}
      onChange={({ target }) => onChoose((target as HTMLSelectElement).value)}
    >
      {options.map((option) => (
        <vscode-option key={option} value={option}>
          {option}
        </vscode-option>
      ))}
    </vscode-dropdown>
  );
}

/** Says that something is under way whose end is not known. */
export function ProgressRing({ label }: { readonly label: string }) {
  return <vscode-progress-ring aria-label={label} />;
}

export function Divider() {
  return <vscode-divider role="presentation" />;
}

/** A codicon; decoration only, so what it means must also be said in words. */
export function Icon({ name, slot }: { readonly name: string; readonly slot?: string }): ReactNode {
  return <span className={`codicon codicon-${name}`} aria-hidden="true" slot={slot} />;
}

/** A custom element reports clicks even while it is disabled. */
function unless<Action>(disabled: boolean, action: Action): Action | undefined {
  return disabled ? undefined : action;
}
