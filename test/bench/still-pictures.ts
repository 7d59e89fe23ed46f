import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { ROOT } from "../../scripts/setup.mjs";
import { draw } from "../fixtures/pictures.ts";
import type { PictureFile } from "./bench.ts";

/** What is no photograph and must never be withheld: art, screenshots, diagrams and abstract drawings. */
export async function stillPictures(): Promise<PictureFile[]> {
  const [drawings, diagrams] = await Promise.all([
    Promise.all(Array.from({ length: 16 }, (_, seed) => drawing(seed))),
    Promise.all(Array.from({ length: 16 }, (_, seed) => diagram(seed))),
  ]);
  const art = filesOf("test/fixtures/demo/pictures");
  const screenshots = filesOf("docs");
  return [...art, ...screenshots, ...drawings, ...diagrams];
}

function filesOf(folder: string): PictureFile[] {
  const names = readdirSync(join(ROOT, folder)).filter((name) => /\.(jpg|png|webp)$/.test(name));
  return names.map((name) => ({
    name,
    type: `image/${name.endsWith("jpg") ? "jpeg" : name.split(".").at(-1)}`,
    bytes: readFileSync(join(ROOT, folder, name)),
  }));
}

async function drawing(seed: number): Promise<PictureFile> {
  const { width, height, data } = draw(480, 360, seed);
  const bytes = await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .png()
    .toBuffer();
  return { name: `drawing-${seed}.png`, type: "image/png", bytes };
}

/** In turn bars, a line, a pie of skin's own hues, and boxes with arrows. */
async function diagram(seed: number): Promise<PictureFile> {
  const body = [bars, line, pie, boxes][seed % 4]?.(seed) ?? "";
  const axes = '<path d="M40 20V340H460" stroke="#333" stroke-width="2" fill="none"/>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="360"><rect width="100%" height="100%" fill="#fff"/>${axes}${body}</svg>`;
  return { name: `diagram-${seed}.png`, type: "image/png", bytes: await sharp(Buffer.from(svg)).png().toBuffer() };
}

/** In [0, 1), the same for the same numbers. */
function fraction(seed: number, i: number): number {
  return ((seed * 7919 + i * 104729 + seed * i * 31) % 1000) / 1000;
}

function bars(seed: number): string {
  return Array.from({ length: 9 }, (_, i) => {
    const height = 30 + 260 * fraction(seed, i);
    return `<rect x="${55 + 44 * i}" y="${339 - height}" width="34" height="${height}" fill="hsl(${(seed * 53) % 360} 60% 50%)"/>`;
  }).join("");
}

function line(seed: number): string {
  const points = Array.from({ length: 24 }, (_, i) => `${45 + 17 * i},${330 - 290 * fraction(seed, i)}`);
  return `<polyline points="${points.join(" ")}" fill="none" stroke="#c33" stroke-width="3"/>`;
}

function pie(seed: number): string {
  const tones = ["#f1c7a8", "#d9a07a", "#b97a56", "#8d5a3b", "#ffe0c7"];
  return tones
    .map((tone, i) => {
      const [from, to] = [i, i + 1].map((part) => (part / tones.length) * 2 * Math.PI + seed) as [number, number];
      const at = (angle: number) => `${250 + 130 * Math.cos(angle)} ${180 + 130 * Math.sin(angle)}`;
      return `<path d="M250 180L${at(from)}A130 130 0 0 1 ${at(to)}Z" fill="${tone}"/>`;
    })
    .join("");
}

function boxes(seed: number): string {
  return Array.from({ length: 6 }, (_, i) => {
    const [x, y] = [60 + 140 * (i % 3), 50 + 150 * Math.floor(i / 3)];
    const box = `<rect x="${x}" y="${y}" width="100" height="70" rx="8" fill="hsl(${(seed * 40 + i * 20) % 360} 40% 88%)" stroke="#456"/>`;
    return `${box}<path d="M${x + 100} ${y + 35}h40" stroke="#456" stroke-width="2"/>`;
  }).join("");
}
