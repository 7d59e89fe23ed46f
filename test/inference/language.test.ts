import { expect, test } from "vitest";
import { languageLabeller } from "../../src/inference/language.ts";

const labeller = languageLabeller();
const signal = new AbortController().signal;
const labelOf = async (text: string) => {
  const [labels] = await labeller.label([{ kind: "text", id: "a", context: "page", text }], signal);
  return labels?.language;
};

test.each([
  ["en", "The bakery opens at seven and closes when the bread is gone."],
  ["de", "Die Bäckerei öffnet um sieben und schließt, wenn das Brot weg ist."],
  ["es", "La panadería abre a las siete y cierra cuando se acaba el pan."],
  ["fr", "La boulangerie ouvre à sept heures et ferme quand il n'y a plus de pain."],
  ["it", "Il panificio apre alle sette e chiude quando il pane è finito."],
  ["ru", "Пекарня открывается в семь и закрывается, когда хлеб заканчивается."],
  ["ar", "يفتح المخبز في السابعة ويغلق عندما ينفد الخبز."],
])("tells %s", async (language, text) => {
  expect(await labelOf(text)).toBe(language);
});

test.each(["", "12345", "...", "\ud83d"])("says nothing of %j", async (text) => {
  expect(await labelOf(text)).toBeUndefined();
});

test("says nothing where it is not sure", async () => {
  expect(await labelOf("ok lol")).toBeUndefined();
});

test("stops when it is told to", async () => {
  const asked = labeller.label([{ kind: "text", id: "a", context: "page", text: "x" }], AbortSignal.abort());
  await expect(asked).rejects.toThrow("abort");
});
