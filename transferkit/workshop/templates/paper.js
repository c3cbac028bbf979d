// Sheets of paper, typed in one after the other: each is a person nobody knows.
const find = name => document.querySelector(`[data-${name}]`);
const forms = [...document.querySelectorAll("form[data-exercise]")].filter(form => exercises.has(form.dataset.exercise));
const said = find("kept");
let sheet = { number: 1, secret: newSecret(), answers: {} }, last = null;

// One group per question or row: its answers are numbered, and a digit chooses one of them.
function groupOf(control) {
  const form = control.form;
  if (control.type === "checkbox") return [...form.querySelectorAll("[type=checkbox]")];
  return [...form.querySelectorAll(`[name="${control.name}"]`)];
}

// The digit that chooses this answer: its place, or on a scale the step itself.
function keyOf(control) {
  return control.form.dataset.kind === "scale" ? Number(control.value) : groupOf(control).indexOf(control) + 1;
}

function first(form) { return form.querySelector("input,textarea"); }

function next(control) {
  const all = forms.flatMap(form => [...form.querySelectorAll("input,textarea")]);
  const group = groupOf(control), after = all[all.indexOf(group.at(-1)) + 1];
  (after ?? find("save")).focus();
}

function empty() {
  for (const form of forms) { form.reset(); form.querySelector("[data-said]").textContent = ""; }
}

function toTop() {
  if (forms.length) { scrollTo(0, 0); first(forms[0]).focus(); }
}

function tell(text) {
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = text; });
}

async function save() {
  const answers = {};
  for (const form of forms) {
    const { value, problem } = answerOf(form), told = form.querySelector("[data-said]");
    told.dataset.state = problem ? "problem" : "";
    told.textContent = problem ?? "";
    if (problem) { first(form).focus(); return; }
    answers[form.dataset.exercise] = value;
  }
  if (Object.values(answers).every(value => value === null)) { tell("Der Bogen ist leer. Nichts wurde gespeichert."); return; }
  const { status, body } = await ask("bogen", { secret: sheet.secret, answers });
  if (status !== 200) { tell(body.message ?? "Noch nicht gespeichert: Die Verbindung fehlt. Speichern Sie den Bogen noch einmal."); return; }
  tell(`Bogen ${sheet.number} ist gespeichert.`);
  last = { ...sheet, answers };
  sheet = { number: sheet.number + 1, secret: newSecret(), answers: {} };
  showSheet();
}

function showSheet() {
  empty();
  for (const form of forms) fill(form, sheet.answers[form.dataset.exercise]);
  find("number").textContent = sheet.number;
  find("last").hidden = last === null;
  toTop();
}

for (const form of forms) {
  form.addEventListener("submit", event => event.preventDefault());
  for (const control of form.querySelectorAll("[type=radio],[type=checkbox]")) {
    const key = keyOf(control), label = control.closest("label");
    if (key < 10) { label.classList.add("numbered"); label.dataset.key = key; }
  }
}
document.addEventListener("keydown", event => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); save(); return; }
  const control = event.target;
  if (event.altKey || event.ctrlKey || event.metaKey || !control.form || !exercises.has(control.form.dataset.exercise)) return;
  if (event.key === "Enter" && control.localName === "input") { event.preventDefault(); next(control); return; }
  if (!/^\d$/.test(event.key) || !["radio", "checkbox"].includes(control.type)) return;
  const chosen = groupOf(control).find(one => keyOf(one) === Number(event.key));
  if (!chosen) return;
  event.preventDefault();
  chosen.checked = control.type === "radio" || !chosen.checked;
  if (control.type === "radio") next(chosen);
});
find("save").addEventListener("click", save);
find("last").addEventListener("click", () => { [sheet, last] = [last, null]; showSheet(); });
addEventListener("beforeunload", event => { if (forms.some(form => Object.keys(filled(form)).length)) event.preventDefault(); });
toTop();
