import { COMMENT_CARES, HOSTILE_CATEGORIES, type HostileCategory, type PageCare } from "../../core/page-care.ts";
import { t } from "../browser.ts";
import { Hosts } from "./hosts.tsx";
import { Card } from "./parts.tsx";

interface Props {
  page: PageCare;
  onChange: (page: PageCare) => void;
}

/** What is done about orders to an AI and hostile comments on pages, and on which sites something else holds. */
export function PageCareCard({ page, onChange }: Props) {
  const { comments, markedSites, openSites } = page;
  return (
    <Card title={t("page_title")} lead={t("page_lead")}>
      {(["highlights", "neutralises"] as const).map((name) => (
        <label key={name} class="switch">
          <input
            type="checkbox"
            name={`page-${name}`}
            checked={page[name]}
            onChange={({ currentTarget }) => onChange({ ...page, [name]: currentTarget.checked })}
          />
          <span>
            <strong>{t(`page_${name}`)}</strong>
            <span class="lead">{t(`page_${name}Lead`)}</span>
          </span>
        </label>
      ))}
      <div>
        <h3>{t("page_comments")}</h3>
        <p class="lead">{t("page_commentsLead")}</p>
      </div>
      {HOSTILE_CATEGORIES.map((category) => (
        <CommentRow
          key={category}
          category={category}
          care={comments[category]}
          onChange={(care) => onChange({ ...page, comments: { ...comments, [category]: care } })}
        />
      ))}
      <Sites list="openSites" hosts={openSites} onChange={(hosts) => onChange({ ...page, openSites: hosts })} />
      <Sites list="markedSites" hosts={markedSites} onChange={(hosts) => onChange({ ...page, markedSites: hosts })} />
    </Card>
  );
}

type Care = PageCare["comments"][HostileCategory];

interface RowProps {
  category: HostileCategory;
  care: Care;
  onChange: (care: Care) => void;
}

function CommentRow({ category, care, onChange }: RowProps) {
  return (
    <label class="draft-care">
      <strong>{t(`category_${category}`)}</strong>
      <select
        name={`comments-${category}`}
        value={care}
        onChange={({ currentTarget }) => onChange(COMMENT_CARES.find((one) => one === currentTarget.value) ?? care)}
      >
        {COMMENT_CARES.map((one) => (
          <option key={one} value={one}>
            {t(`page_${one}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SitesProps {
  list: "openSites" | "markedSites";
  hosts: readonly string[];
  onChange: (hosts: readonly string[]) => void;
}

/** The popup puts sites on these lists; here they come off. */
function Sites({ list, hosts, onChange }: SitesProps) {
  if (hosts.length === 0) return null;
  return (
    <section class="quiet-sites">
      <h3>{t(`page_${list}`)}</h3>
      <Hosts
        hosts={hosts}
        removal={(host) => t("page_siteRemove", host)}
        onRemove={(host) => onChange(hosts.filter((other) => other !== host))}
      />
    </section>
  );
}
