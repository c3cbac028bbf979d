// Results as the server counts them, drawn: a table whose bars are decoration.
const number = value => value.toLocaleString("de-DE", { maximumFractionDigits: 2 });
const answersOf = n => n === 1 ? "1 Antwort" : `${number(n)} Antworten`;
const UNITS = { dots: ["Punkt", "Punkte"], ranking: ["Punkt", "Punkte"] };

function drawn(tally, heading) {
  const section = element("section", undefined, { class: "tally" });
  section.append(element(heading, tally.question));
  section.append(element("p", answersOf(tally.answers), { class: "meta" }));
  if (tally.kind === "assessment" || tally.kind === "fit") section.append(...rowsDrawn(tally));
  else for (const part of tally.parts) section.append(...partDrawn(tally, part));
  for (const text of tally.texts) section.append(element("blockquote", text));
  if (tally.kind === "text" && !tally.texts.length) section.append(element("p", "Noch kein Text freigegeben.", { class: "note" }));
  return section;
}

function partDrawn(tally, part) {
  const sentence = element("p", part.sentence, { class: part.apart ? "sentence apart" : part.bars ? "sentence" : "sentence note" });
  if (!part.bars) return part.label ? [labelled(part.label, sentence)] : [sentence];
  if (tally.kind === "number") return [sentence];
  const table = element("table"), body = element("tbody"), columns = element("colgroup");
  const answer = element("col"), longest = Math.max(...part.bars.map(bar => bar.label.length));
  answer.style.width = `${Math.min(42, 10 + 1.4 * longest)}%`;
  columns.append(answer, element("col"), element("col", undefined, { class: "number" }));
  table.append(element("caption", part.label || tally.question, part.label ? {} : { class: "visually-hidden" }), columns, body);
  const most = Math.max(...part.bars.map(bar => bar.number), 1);
  for (const bar of part.bars) {
    const row = element("tr", undefined, bar.number === most ? { class: "first" } : {});
    const cell = element("td", undefined, { "aria-hidden": "true" }), drawnBar = element("span", undefined, { class: "bar" });
    drawnBar.style.width = `${100 * bar.number / most}%`;
    if (bar.number) cell.append(drawnBar);
    const words = UNITS[tally.kind];
    const told = words ? `${number(bar.number)} ${words[bar.number === 1 ? 0 : 1]}` : `${bar.number} (${Math.round(100 * bar.share)} %)`;
    row.append(element("th", bar.label, { scope: "row" }), cell, element("td", told, { class: "num" }));
    body.append(row);
  }
  const wrapped = element("div", undefined, { class: "table" });
  wrapped.append(table);
  return [wrapped, sentence];
}

// Many rows with the same answers: one table, a column for each answer, the most disputed rows first.
function rowsDrawn(tally) {
  const seen = tally.parts.find(part => part.bars);
  if (!seen) return [element("p", tally.parts[0]?.sentence ?? "", { class: "sentence note" })];
  const table = element("table", undefined, { class: "rows" }), heads = element("thead"), head = element("tr");
  head.append(...seen.bars.map(bar => element("th", bar.label, { scope: "col" })));
  heads.append(head);
  table.append(element("caption", tally.question, { class: "visually-hidden" }), heads);
  for (const part of [...tally.parts].sort((a, b) => (b.spread ?? -1) - (a.spread ?? -1))) {
    const group = element("tbody"), name = element("tr"), row = element("tr");
    name.append(element("th", part.apart ? `↔ ${part.label}` : part.label, { scope: "rowgroup", colspan: seen.bars.length, class: part.apart ? "apart" : "" }));
    if (part.bars) row.append(...part.bars.map(cellDrawn));
    else row.append(element("td", "zu wenige Antworten", { colspan: seen.bars.length, class: "meta" }));
    group.append(name, row);
    table.append(group);
  }
  const wrapped = element("div", undefined, { class: "table" });
  wrapped.append(table);
  return [wrapped, ...(tally.parts.some(part => part.apart) ? [element("p", "Wo ↔ steht, gehen die Antworten weit auseinander.", { class: "sentence" })] : [])];
}

function cellDrawn(bar) {
  const cell = element("td"), drawnBar = element("span", undefined, { class: "bar", "aria-hidden": "true" });
  drawnBar.style.width = `${100 * bar.share}%`;
  cell.append(element("span", bar.number));
  if (bar.number) cell.append(drawnBar);
  return cell;
}

// What a group disagrees about, the most disputed first.
function disputed(tallies) {
  const parts = tallies.flatMap(tally => tally.parts.filter(part => part.apart).map(part => ({ ...part, question: tally.question })));
  return parts.sort((a, b) => b.spread - a.spread).slice(0, 6);
}

function disputedDrawn(tallies) {
  const list = element("ul");
  for (const part of disputed(tallies)) list.append(element("li", part.label ? `${part.label} (${part.question})` : part.question));
  return list;
}

function labelled(label, sentence) {
  const wrapped = element("div");
  wrapped.append(element("p", label), sentence);
  return wrapped;
}

// Ask again and again, and show only what has changed, so that nobody loses their place.
function follow(address, show, lost) {
  let before = "";
  const again = async () => {
    const { status, body } = await ask(address);
    const text = JSON.stringify(body);
    if (status === 200 && text !== before) { before = text; show(body); }
    lost(status === 200 ? "" : status === 403 || status === 404 ? body.message : "Die Verbindung fehlt. Die Zahlen sind vielleicht nicht neu.");
    if (status !== 403 && status !== 404) setTimeout(again, document.hidden ? 5000 : 1000);
  };
  again();
  return again;
}

function countTold(most) {
  return most ? `Bis jetzt ${most === 1 ? "antwortet eine Person" : `antworten ${most} Personen`}.` : "Noch keine Antworten.";
}
