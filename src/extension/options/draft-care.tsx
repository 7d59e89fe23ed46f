import { DRAFT_CARES, DRAFT_CATEGORIES, type DraftCategory, type Settings } from "../../core/policy.ts";
import { t } from "../browser.ts";
import { Hosts } from "./hosts.tsx";
import { Card } from "./parts.tsx";

type Choice = Pick<Settings, "drafts" | "quietSites">;

/** What is done about personal data, secrets and foreign orders in what the user writes to an AI, and where nothing is. */
export function DraftCare({ drafts, quietSites, onChange }: Choice & { onChange: (change: Partial<Choice>) => void }) {
  return (
    <Card title={t("drafts_title")} lead={t("drafts_lead")}>
      {DRAFT_CATEGORIES.map((category) => (
        <CareRow
          key={category}
          category={category}
          care={drafts[category]}
          onChange={(care) => onChange({ drafts: { ...drafts, [category]: care } })}
        />
      ))}
      {quietSites.length > 0 && <QuietSites hosts={quietSites} onChange={(hosts) => onChange({ quietSites: hosts })} />}
    </Card>
  );
}

type Care = Settings["drafts"][DraftCategory];

function CareRow({
  category,
  care,
  onChange,
}: {
  category: DraftCategory;
  care: Care;
  onChange: (care: Care) => void;
}) {
  return (
    <label class="draft-care">
      <span>
        <strong>{t(`drafts_${category}`)}</strong>
        <span class="lead">{t(`drafts_${category}Lead`)}</span>
      </span>
      <select
        name={`drafts-${category}`}
        value={care}
        onChange={({ currentTarget }) => onChange(DRAFT_CARES.find((one) => one === currentTarget.value) ?? care)}
      >
        {DRAFT_CARES.map((one) => (
          <option key={one} value={one}>
            {t(`drafts_${one}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

function QuietSites({ hosts, onChange }: { hosts: readonly string[]; onChange: (hosts: readonly string[]) => void }) {
  return (
    <section class="quiet-sites">
      <h3>{t("drafts_quiet")}</h3>
      <Hosts
        hosts={hosts}
        removal={(host) => t("drafts_quietRemove", host)}
        onRemove={(host) => onChange(hosts.filter((other) => other !== host))}
      />
    </section>
  );
}
