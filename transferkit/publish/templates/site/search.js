"use strict";
const fold = s => s.toLowerCase().replace(/ß/g, "ss").replace(/ä/g, "ae").replace(/ö/g, "oe").replace(/ü/g, "ue")
  .normalize("NFD").replace(/[^a-z0-9]/g, "");
const bare = s => s.replace(/ae/g, "a").replace(/oe/g, "o").replace(/ue/g, "u");
const data = JSON.parse(document.getElementById("orte").textContent);
const towns = data.orte.map(([ags, name, kreis, plz]) => ({ ags, name, where: data.kreise[kreis], plz, key: fold(name), bare: bare(fold(name)) }));
const form = document.getElementById("suche"), input = document.getElementById("eingabe");
const list = document.getElementById("treffer"), said = document.getElementById("ansage");
form.hidden = false;
let active = -1;

// Edits between two words with swapped neighbours as one; stops counting beyond the limit.
function edits(a, b, limit) {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before = [], last = [], row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    before = last; last = row; row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
  }
  return row[b.length];
}

function find(text) {
  const key = fold(text), short = bare(key);
  if (!key) return [];
  if (/^\d+$/.test(key)) return towns.filter(t => t.ags.startsWith(key) || t.plz === key);
  const score = t => t.key === key || t.bare === short ? 0 : t.bare.startsWith(short) ? 1 : t.bare.includes(short) ? 2 : 9;
  let hits = towns.map(t => [score(t), t]).filter(([n]) => n < 9);
  if (!hits.length && short.length > 3) {
    const limit = short.length > 6 ? 2 : 1;
    hits = towns.map(t => [edits(short, t.bare, limit), t]).filter(([n]) => n <= limit);
  }
  return hits.sort((a, b) => a[0] - b[0]).map(([, t]) => t);
}

function show() {
  const hits = find(input.value), shown = hits.slice(0, 12);
  active = -1;
  list.replaceChildren(...shown.map((t, n) => {
    const item = document.createElement("li");
    item.role = "option"; item.id = "t" + n; item.dataset.ags = t.ags; item.ariaSelected = "false";
    item.textContent = `${t.name} (${t.where}, ${t.ags})`;
    item.addEventListener("click", () => open(t.ags));
    return item;
  }));
  list.hidden = !shown.length;
  input.setAttribute("aria-expanded", String(!list.hidden));
  input.removeAttribute("aria-activedescendant");
  said.textContent = !input.value.trim() ? "" : !hits.length ? "Keine Kommune gefunden." :
    hits.length === 1 ? "1 Kommune gefunden." : `${hits.length} Kommunen gefunden.` + (hits.length > 12 ? " Die ersten 12 stehen in der Liste." : "");
}

function choose(step) {
  const items = [...list.children];
  if (!items.length) return;
  active = (active + step + items.length) % items.length;
  items.forEach((item, n) => { item.ariaSelected = String(n === active); });
  input.setAttribute("aria-activedescendant", items[active].id);
  items[active].scrollIntoView({ block: "nearest" });
}

const open = ags => { location.href = `kommunen/${ags}.html`; };
input.addEventListener("input", show);
input.addEventListener("keydown", event => {
  if (event.key === "ArrowDown") { choose(1); event.preventDefault(); }
  else if (event.key === "ArrowUp") { choose(active < 0 ? 0 : -1); event.preventDefault(); }
  else if (event.key === "Escape") { input.value = ""; show(); }
});
form.addEventListener("submit", event => {
  event.preventDefault();
  const item = list.children[Math.max(active, 0)];
  if (item) open(item.dataset.ags);
});

// Full text needs a web server; nothing is loaded before somebody types.
if (location.protocol.startsWith("http")) {
  const words = document.getElementById("worte"), results = document.getElementById("vt-treffer"), tell = document.getElementById("vt-ansage");
  let engine, turn = 0;
  document.getElementById("volltext").hidden = false;
  words.form.addEventListener("submit", event => event.preventDefault());
  words.addEventListener("input", async () => {
    const mine = ++turn, text = words.value.trim();
    if (!text) { results.replaceChildren(); tell.textContent = ""; return; }
    try { engine ??= await import(new URL("pagefind/pagefind.js", location.href)); }
    catch { tell.textContent = "Die Volltextsuche ist hier nicht verfügbar."; return; }
    const found = await engine.search(text);
    const pages = await Promise.all(found.results.slice(0, 10).map(result => result.data()));
    if (mine !== turn) return;
    tell.textContent = found.results.length === 1 ? "1 Seite gefunden." : `${found.results.length} Seiten gefunden.`;
    results.replaceChildren(...pages.map(page => {
      const item = document.createElement("li"), link = document.createElement("a"), text = document.createElement("p");
      item.className = "card"; link.href = page.url; link.textContent = page.meta.title; text.textContent = page.excerpt.replace(/<[^>]+>/g, "");
      item.append(link, text);
      return item;
    }));
  });
}
