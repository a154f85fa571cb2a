// Icons as line drawings: not every machine has a font with emoji.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  image: "M4 5h16v14H4zM4 16l4.5-5 4 4.5 2.5-2.5 5 5M15.5 9.2v.1",
  document: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  audio: "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-2.5-2.5A2.5 2.5 0 0 1 9 18zM19 16a2.5 2.5 0 1 1-2.5-2.5A2.5 2.5 0 0 1 19 16z",
  video: "M3 6h12v12H3zM15 10.5l6-3.5v10l-6-3.5",
  location: "M12 21s-7-6.2-7-11.2a7 7 0 0 1 14 0C19 14.8 12 21 12 21zM14.5 10a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  contact: "M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM4.5 20c.8-4 4-5.5 7.5-5.5s6.7 1.5 7.5 5.5",
  queued: "m5 12.5 4.5 4.5L19 7.5",
  delivered: "m2 12.5 4.5 4.5L16 7.5M11.5 16l1 1L22 7.5",
  retrying: "M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0zM12 7v5l3.5 2",
  refused: "M12 3.5 22 20.5H2zM12 10v4.5M12 17.4v.1",
};
PATHS.given_up = PATHS.refused;
PATHS.unsent = PATHS.refused;

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name] ?? PATHS.queued);
  svg.append(path);
  return svg;
}
