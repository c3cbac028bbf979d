// Answers of one participant: kept here until the server has confirmed them, and only then called saved.
const KEY = "transferkit-werkstatt-", MINE = KEY + config.code;
const forms = [...document.querySelectorAll("form[data-exercise]")].filter(form => exercises.has(form.dataset.exercise));
const formOf = new Map(forms.map(form => [form.dataset.exercise, form]));
const box = document.querySelector("[data-box]"), ended = box.querySelector("[data-ended]");
const answered = new Set();
const timers = new Map();
let memory = remembered(), sending = false, isOver = false, wait = 500;

function remembered() {
  const today = new Date().toISOString().slice(0, 10);
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(KEY) && !(JSON.parse(localStorage[key]).until > today)) localStorage.removeItem(key);
    const kept = JSON.parse(localStorage.getItem(MINE));
    if (kept?.secret) return kept;
  } catch { /* the browser keeps nothing: everything works until the page is closed */ }
  return fresh(newSecret());
}

function fresh(secret) { return { secret, until: config.until, drafts: {}, pending: {} }; }

function keep() {
  try { localStorage.setItem(MINE, JSON.stringify(memory)); } catch { /* see above */ }
}

function say(form, text, state = "") {
  const said = form.querySelector("[data-said]");
  if (said.textContent === text) return;
  said.dataset.state = state;
  said.textContent = text;
}

function count() {
  const open = Object.keys(memory.pending).length;
  bar.querySelector("[data-progress]").textContent = `${answered.size} von ${forms.length} beantwortet`;
  bar.querySelector("[data-connection]").textContent = open && wait > 500 ? "Noch nicht alles gespeichert. Die Verbindung fehlt, es wird weiter versucht." : "";
}

// What somebody types is kept at once, what makes an answer is sent.
function typed(form, isFinal) {
  const id = form.dataset.exercise;
  memory.drafts[id] = filled(form);
  keep();
  say(form, "");  // what stands here now was said of the answer before
  clearTimeout(timers.get(id));
  if (exercises.get(id).kind === "text" && !isFinal) {
    say(form, "Noch nicht abgeschickt.", "waiting");
    return;
  }
  timers.set(id, setTimeout(() => decide(form), isFinal ? 0 : 900));
}

function decide(form) {
  const id = form.dataset.exercise, { value, problem, isUnfinished } = answerOf(form);
  if (problem) {
    delete memory.pending[id];
    keep();
    say(form, problem, isUnfinished ? "waiting" : "problem");
    return;
  }
  if (value === null && !answered.has(id) && !(id in memory.pending)) {
    delete memory.drafts[id];
    keep();
    say(form, "");
    return;
  }
  memory.pending[id] = value;
  keep();
  send();
}

async function send() {
  if (sending || isOver) return;
  sending = true;
  for (let id; !isOver && (id = Object.keys(memory.pending)[0]) !== undefined;) {
    const value = memory.pending[id], { secret } = memory, form = formOf.get(id);
    const slow = setTimeout(() => say(form, "Wird gespeichert …", "waiting"), 1000);
    const { status, body } = await ask(`${config.shown}/antwort`, { secret, exercise: id, value });
    clearTimeout(slow);
    if (secret !== memory.secret) continue;
    const isSame = JSON.stringify(memory.pending[id]) === JSON.stringify(value);
    if (status === 200) {
      wait = 500;
      if (isSame) confirmed(form, id, value);
    } else if (status === 400) {
      if (isSame) delete memory.pending[id];
      keep();
      say(form, body.message, "problem");
    } else if (status === 404 || status === 409) {
      over(body.message, status === 404);
    } else {
      say(form, "Noch nicht gespeichert. Die Verbindung fehlt, es wird weiter versucht.", "waiting");
      wait = Math.min(wait * 2, 8000);
      count();
      await new Promise(resolve => setTimeout(resolve, wait * (0.7 + 0.6 * Math.random())));
    }
  }
  sending = false;
  count();
}

function confirmed(form, id, value) {
  delete memory.pending[id];
  delete memory.drafts[id];
  if (value === null) answered.delete(id); else answered.add(id);
  keep();
  const left = value === null ? 0 : answerOf(form).left;
  say(form, "");  // the same words again would not be announced
  requestAnimationFrame(() => say(form, value === null ? "Zurückgenommen." : left ? `Gespeichert. Sie haben noch ${left} ${left === 1 ? "Punkt" : "Punkte"}.` : "Gespeichert.", "kept"));
  showClear(form);
  count();
}

function over(message, isGone) {
  isOver = true;
  const lost = Object.keys(memory.pending).length;
  ended.textContent = message + (lost && !isGone ? " Ihre letzte Eingabe kam nicht mehr an." : "");
  for (const form of forms) for (const control of form.elements) control.disabled = true;
  if (isGone) try { localStorage.removeItem(MINE); } catch { /* nothing was kept */ }
  box.scrollIntoView();
}

// What the server has, and over it what was typed here and has not arrived there.
async function load() {
  const { status, body } = await ask(`${config.shown}/antworten`, { secret: memory.secret });
  if (status === 404 || (status === 200 && !body.open)) over(body.message ?? config.closed, status === 404);
  if (status !== 200) {
    if (!isOver) setTimeout(load, wait = Math.min(wait * 2, 8000));
    return;
  }
  wait = 500;
  for (const [id, value] of Object.entries(body.answers)) {
    const form = formOf.get(id);
    if (!form) continue;
    answered.add(id);
    if (!(id in memory.drafts) && !(id in memory.pending)) {
      fill(form, value);
      say(form, "Gespeichert.", "kept");
    }
    showClear(form);
  }
  count();
  send();
}

function showTyped() {
  for (const [id, given] of Object.entries(memory.drafts)) {
    const form = formOf.get(id);
    if (!form) continue;
    refill(form, given);
    if (id in memory.pending) continue;
    const { problem } = answerOf(form);
    say(form, problem ?? "Noch nicht abgeschickt.", problem ? "problem" : "waiting");
  }
}

function startAs(next) {
  memory = next;
  keep();
  answered.clear();
  for (const form of forms) { fill(form, null); say(form, ""); showClear(form); }
  box.querySelector("[data-secret]").textContent = grouped(memory.secret);
  count();
}

// A radio button cannot be taken back otherwise.
function showClear(form) {
  form.querySelector(".clear").hidden = !answered.has(form.dataset.exercise);
}

for (const form of forms) {
  const foot = element("p");
  const clear = element("button", "Antwort zurücknehmen", { type: "button", class: "clear", hidden: "" });
  clear.addEventListener("click", () => { fill(form, null); typed(form, true); form.querySelector("input,textarea").focus(); });
  if (form.dataset.kind === "text") foot.append(element("button", "Abschicken"), " ");
  foot.append(clear);
  form.append(foot);
  form.addEventListener("submit", event => { event.preventDefault(); typed(form, true); });
  form.addEventListener("change", event => { if (event.target.localName !== "textarea") typed(form, true); });
  form.addEventListener("input", event => { if (!["radio", "checkbox"].includes(event.target.type)) typed(form, false); });
}

const bar = element("div", undefined, { class: "bar-below", "data-screen": "" });
bar.append(element("p", "", { "data-progress": "" }), element("p", "", { "data-connection": "", role: "status" }));
document.querySelector("main").append(bar);
document.querySelector(".lead")?.after(box);
box.querySelector("[data-secret]").textContent = grouped(memory.secret);
box.querySelector("[data-other]").addEventListener("submit", async event => {
  event.preventDefault();
  const said = document.getElementById("anderer-gesagt"), secret = plain(document.getElementById("anderer").value);
  said.textContent = "";
  const { status, body } = secret.length < 12 ? { status: 400 } : await ask(`${config.shown}/antworten`, { secret });
  if (status === 200 && Object.keys(body.answers).length) {
    startAs(fresh(secret));
    said.textContent = "Übernommen. Ihre bisherigen Antworten stehen jetzt hier.";
    load();
  } else {
    said.textContent = status === 0 ? "Die Verbindung fehlt. Versuchen Sie es noch einmal." : "Unter diesem Code gibt es keine Antworten. Bitte prüfen Sie ihn.";
  }
});
box.querySelector("[data-forget]").addEventListener("click", () => {
  startAs(fresh(newSecret()));
  try { localStorage.removeItem(MINE); } catch { /* nothing was kept */ }
  box.querySelector("details").open = false;
  box.querySelector("summary").focus();
});
keep();
showTyped();
count();
load();
