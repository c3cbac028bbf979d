// The screen everybody sees: one question at a time, large; how to join comes first.
const find = name => document.querySelector(`[data-${name}]`);
const invitation = find("slide"), slides = find("slides");
let tallies = [], at = Number(location.hash.slice(1)) || 0;

function show(state) {
  tallies = state.tallies;
  find("count").textContent = countTold(state.most);
  find("open").textContent = state.open ? "" : "Die Werkstatt ist geschlossen.";
  draw();
}

function draw() {
  const last = tallies.length + (disputed(tallies).length ? 1 : 0);  // what to talk about, if there is anything
  at = Math.max(0, Math.min(at, last));
  invitation.hidden = at > 0;
  const slide = at > tallies.length ? toDiscuss() : at ? drawn(tallies[at - 1], "h1") : null;
  slides.replaceChildren(...(slide ? [slide] : []));
  const where = at > tallies.length ? "Gespräch" : at ? `Frage ${at} von ${tallies.length}` : `Mitmachen (${tallies.length} Fragen)`;
  if (find("where").textContent !== where) find("where").textContent = where;
  find("back").disabled = !at;
  find("on").disabled = at >= last;
}

function toDiscuss() {
  const section = element("section", undefined, { class: "tally" });
  section.append(element("h1", "Worüber das Gespräch lohnt"), disputedDrawn(tallies));
  return section;
}

function turn(step) {
  at += step;
  draw();
  history.replaceState(null, "", `#${at}`);
  scrollTo(0, 0);
}

find("back").addEventListener("click", () => turn(-1));
find("on").addEventListener("click", () => turn(1));
document.addEventListener("keydown", event => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (["ArrowRight", "PageDown"].includes(event.key)) turn(1);
  else if (["ArrowLeft", "PageUp"].includes(event.key)) turn(-1);
  else return;
  event.preventDefault();
});
follow("stand", show, text => { if (text) find("where").textContent = text; else draw(); });
