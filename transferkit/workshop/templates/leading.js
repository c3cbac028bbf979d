// The overview of who leads a workshop: open and close, release texts, write the protocol.
const find = name => document.querySelector(`[data-${name}]`);
const toggle = find("toggle"), said = find("said");
let state = { open: config.open };

function show(next) {
  state = next;
  find("open").textContent = state.open ? "nimmt Antworten an" : "geschlossen";
  toggle.textContent = state.open ? "Werkstatt schließen" : "Werkstatt wieder öffnen";
  find("count").textContent = countTold(state.most);
  find("disputed").replaceChildren(disputed(state.tallies).length ? disputedDrawn(state.tallies) : element("p", "Noch nichts, worüber die Gruppe geteilter Meinung ist.", { class: "note" }));
  find("tallies").replaceChildren(...state.tallies.map(tally => drawn(tally, "h3")));
  if (find("texts")) showTexts();
  showNotes();
}

// An entry stays the same element as long as it says the same: whoever stands on its button stays there.
function shown(list, rows, keyOf, make) {
  const there = new Map([...list.children].map(item => [item.dataset.key, item]));
  const items = rows.map(row => there.get(keyOf(row)) ?? make(row));
  items.forEach((item, n) => { item.dataset.key = keyOf(rows[n]); if (list.children[n] !== item) list.insertBefore(item, list.children[n] ?? null); });
  while (list.children.length > items.length) list.lastChild.remove();
}

function showTexts() {
  find("no-texts").hidden = state.texts.length > 0;
  shown(find("texts"), state.texts, text => `${text.exercise}/${text.key}/${text.released}/${text.text}`, text => {
    const item = element("li"), button = element("button", text.released ? "Nicht mehr zeigen" : "Freigeben", { type: "button" });
    button.setAttribute("aria-label", `${button.textContent}: ${text.text.slice(0, 60)}`);
    button.addEventListener("click", () => act("freigabe", { exercise: text.exercise, key: text.key, released: !text.released }, text.released ? "Der Text wird nicht mehr gezeigt." : "Freigegeben."));
    item.append(element("small", exercises.get(text.exercise)?.question ?? "", { class: "meta" }), element("blockquote", text.text), text.released ? "Freigegeben. " : "", button);
    return item;
  });
}

function showNotes() {
  find("no-notes").hidden = state.protocol.length > 0;
  shown(find("notes"), state.protocol, entry => `${entry.number}/${entry.text}`, entry => {
    const item = element("li"), button = element("button", "Streichen", { type: "button", "aria-label": `Streichen: ${entry.text.slice(0, 60)}` });
    button.addEventListener("click", () => act("streichen", { number: entry.number }, "Gestrichen."));
    item.append(element("strong", config.kinds[entry.kind]), ` ${entry.text}`);
    const rest = [entry.role, entry.due && `bis ${entry.due}`].filter(Boolean).join(", ");
    if (rest) item.append(element("span", ` (${rest})`, { class: "meta" }));
    item.append(element("br"), button);
    return item;
  });
}

async function act(address, body, done) {
  const { status, body: told } = await ask(address, body);
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = status === 200 ? done : told.message ?? "Das ging nicht: Die Verbindung fehlt. Versuchen Sie es noch einmal."; });
  if (status === 200) again();
  return status === 200;
}

toggle.addEventListener("click", () => act("offen", { open: !state.open }, state.open ? "Geschlossen. Es kommen keine Antworten mehr an." : "Wieder geöffnet."));
find("note").addEventListener("submit", async event => {
  event.preventDefault();
  const form = event.target;
  if (await act("protokoll", Object.fromEntries(new FormData(form)), "Ins Protokoll geschrieben.")) { form.reset(); form.elements.kind.focus(); }
});
const again = follow("stand?texte=1", show, text => { if (text) said.textContent = text; else if (said.textContent.startsWith("Die Verbindung fehlt")) said.textContent = ""; });
