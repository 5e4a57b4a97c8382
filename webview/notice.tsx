// What stands in place of a diagram, and what warns above one.

import type { ReactNode } from "react";
import { Icon } from "./controls";

interface NoticeProps {
  /** A codicon's name. */
  readonly icon: string;
  readonly title: string;
  readonly children?: ReactNode;
}

/** Fills the diagram's place. */
export function Notice({ icon, title, children }: NoticeProps) {
  return (
    <div className="notice" role="status">
      <Icon name={icon} />
      <h2 className="notice-title">{title}</h2>
      {children}
    </div>
  );
}

interface BannerProps {
  readonly severity: "error" | "warning";
  readonly children: ReactNode;
}

/** One line above the diagram, which stays visible. */
export function Banner({ severity, children }: BannerProps) {
  return (
    <div className={`banner banner-${severity}`} role={severity === "error" ? "alert" : "status"}>
      <Icon name={severity} />
      <span>{children}</span>
    </div>
  );
}
