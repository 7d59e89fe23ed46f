import { useEffect, useState } from "preact/hooks";

export const ROUTES = [
  "overview",
  "journal",
  "protection",
  "lock",
  "lists",
  "test",
  "models",
  "reports",
  "compliance",
  "about",
] as const;
export type Route = (typeof ROUTES)[number];

function currentRoute(): Route {
  const name = location.hash.replace(/^#\/?/, "");
  return ROUTES.find((route) => route === name) ?? "overview";
}

/** The section that the address names after `#/`; the overview when it names none. */
export function useRoute(): Route {
  const [route, setRoute] = useState(currentRoute);
  useEffect(() => {
    const follow = () => setRoute(currentRoute());
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return route;
}
