import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../browser.ts";
import type { Reloadable } from "./console.ts";
import { score as scoreText } from "./format.ts";
import { Icon } from "./icons.tsx";

/** A section's heading and content. The heading takes the focus when the reader came here from another section. */
export function Page({ title, lead, isArrival, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – ${t("name")}`;
    if (isArrival) heading.current?.focus();
  }, [title, isArrival]);
  return (
    <>
      <header class="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        <p>{lead}</p>
      </header>
      {children}
    </>
  );
}

interface PageProps {
  title: string;
  lead: string;
  isArrival: boolean;
  children: ComponentChildren;
}

/** Says what went wrong, and offers the way on. */
export function Banner({ text, reason, detail, onRetry, onDismiss }: BannerProps) {
  return (
    <div class="banner" role="alert">
      <div>
        <strong>{text}</strong>
        {reason && <p>{reason}</p>}
        {detail && <Technical detail={detail} />}
      </div>
      <div class="banner-actions">
        <button type="button" onClick={onRetry}>
          {t("retry")}
        </button>
        {onDismiss && (
          <button type="button" class="bare" onClick={onDismiss} aria-label={t("dismiss")} title={t("dismiss")}>
            <Icon name="close" />
          </button>
        )}
      </div>
    </div>
  );
}

interface BannerProps {
  text: string;
  /** In the reader's own language. */
  reason?: string | undefined;
  /** As `Technical` takes it. */
  detail?: string | undefined;
  onRetry: () => void;
  onDismiss?: () => void;
}

/** What a browser or a part of the program says of a failure: in its own language, marked as such. */
export function Technical({ detail }: { detail: string }) {
  return (
    <span class="technical">
      {t("detail_technical")} <code>{detail}</code>
    </span>
  );
}

/** What there is to say of something that has not come, or has come to grief. */
export function Notice({ loaded }: { loaded: Reloadable }) {
  const { value, error, isLoading, reload } = loaded;
  if (error !== undefined) return <Banner text={t("error_load")} detail={error} onRetry={reload} />;
  return value === undefined && isLoading ? <Loading /> : null;
}

function Loading() {
  return (
    <p class="loading" role="status">
      <span class="glow" aria-hidden="true" /> {t("loading")}
    </p>
  );
}

/** A score in [0, 1], drawn and written. */
export function ScoreBar({ score, isStrong = false }: { score: number; isStrong?: boolean }) {
  const filled = `${Math.round(100 * Math.min(1, Math.max(0, score)))}%`;
  return (
    <span class={isStrong ? "score strong" : "score"}>
      <span class="track" aria-hidden="true">
        <span class="fill" style={{ width: filled }} />
      </span>
      <span class="number">{scoreText(score)}</span>
    </span>
  );
}

/** A block of a section, titled where the section's own heading does not say it all. */
export function Card({ title, lead, children }: { title?: string; lead?: string; children?: ComponentChildren }) {
  return (
    <section class="card">
      {title && <h2>{title}</h2>}
      {lead && <p class="lead">{lead}</p>}
      {children}
    </section>
  );
}
