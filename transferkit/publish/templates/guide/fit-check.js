"use strict";
// „Passt das zu uns?“ with the answers of readers. Questions, weights, limits and sentences are data of the page.
// How they are applied is told twice, here and in methods/fit.py with present/fit.py; a test holds both together.
const rules = JSON.parse(document.getElementById("fit-rules").textContent), { scale, limits, words } = rules;
const form = document.querySelector("[data-q]").closest("form"), result = document.querySelector("[data-fit]");
const criteria = rules.criteria.map(([id, dimension, weight, knockout]) => {
  const name = form.querySelector(`[data-q=${id}] strong`).textContent.slice(0, -1);
  return { id, name, dimension, weight, knockout };
});

const sum = (list, worth = () => 1) => list.reduce((sum, one) => sum + one.weight * worth(one), 0);
const names = list => list.map(one => one.name);
const fill = (sentence, values) => sentence.replace(/{(\w+)}/g, (_, name) => values[name]);
const listed = list => [list.slice(0, -1).join(", "), ...list.slice(-1)].filter(Boolean).join(` ${words.and} `);
// Rounded as decimal numbers, half up: 0.145 is 15 %.
const percent = share => `${Math.round(`${share}e2`)}\u202f%`;

// Answers are {question: answer}; what is not answered is unknown.
const worth = (answers, one) => scale[answers[one.id]]?.[1] ?? null;
const open = (answers, list) => list.filter(one => worth(answers, one) === null);
const stops = answers => criteria.filter(one => one.knockout && answers[one.id] === rules.obstacle);

// Per dimension that counts: the lowest value the answers allow, and the share of what is unknown.
const intervals = answers => rules.dimensions.map((name, dimension) => {
  const own = criteria.filter(one => one.dimension === dimension), all = sum(own);
  return { name, all, low: sum(own, one => worth(answers, one)) / all, open: sum(open(answers, own)) / all };
}).filter(one => one.all);

// The first rule that holds.
function outcome(answers) {
  if (stops(answers).length) return "knockout";
  if (sum(open(answers, criteria)) / sum(criteria) > limits.unknown_limit) return "unknown";
  return intervals(answers).every(one => one.low >= limits.low_limit) ? "small-adaptation" : "adaptation";
}

// Which single answers would lead to another outcome, the worst first.
function flips(answers, now) {
  const found = {};
  for (const one of criteria) for (const answer in rules.answers) if (answers[one.id] !== answer) {
    const other = outcome({ ...answers, [one.id]: answer });
    if (other !== now) ((found[other] ||= {})[answer] ||= []).push(`„${one.name}“`);
  }
  return Object.keys(rules.outcomes).flatMap(other => Object.keys(found[other] || {}).sort().map(answer => {
    const all = found[other][answer], few = all.slice(0, rules.named), count = all.length - few.length;
    if (count) few.push(fill(words.more, { count }));
    const what = words[all.length > 1 ? "several" : "one"];
    return fill(words.flip, { outcome: rules.outcomes[other], what, answer: rules.answers[answer], names: listed(few) });
  }));
}

// All that is said of the answers.
function told(answers) {
  const now = outcome(answers), further = flips(answers, now);
  const tasks = criteria.filter(one => scale[answers[one.id]]?.[2]);
  if (tasks.length) further.push(fill(words.plan, { names: listed(names(tasks)) }));
  const rows = intervals(answers).map(({ name, low, open }) => {
    const high = Math.min(low + open, 1), ends = { low: percent(low), high: percent(high) };
    return { name, said: ends.low === ends.high ? ends.low : fill(words.span, ends), open: percent(open), low, high };
  });
  return { outcome: now, said: fill(rules.sentences[now], { Merkmale: names(stops(answers)).join(", ") }), further, rows };
}

// From here on the page: buttons to answer with, the result that follows, the file of answers.
const [intro, ...tools] = document.querySelector("[data-script]").children, [, message, now, chooser] = tools;
const made = (tag, values, ...inside) => {
  const element = Object.assign(document.createElement(tag), values);
  element.append(...inside);
  return element;
};
// Who saves twice is one person: the newer answers replace the older ones where files are collected.
const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => (byte + 256).toString(16).slice(1)).join("");
let file = { format: "transferkit-antworten", version: 1, session: "", secret: random(), answers: {} }, unsaved = false;

function say(sentence) {
  message.textContent = sentence;
  message.scrollIntoView({ block: "nearest" });
}

function show() {
  const answers = Object.fromEntries(new FormData(form)), { outcome, said, further, rows } = told(answers);
  result.querySelector("strong").textContent = said;
  result.children[1].replaceChildren(...further.map(textContent => made("p", { textContent })));
  result.querySelectorAll("tbody tr").forEach((row, number) => {
    const { said, open, low, high } = rows[number], [sure, perhaps] = row.querySelectorAll(".bar");
    row.cells[1].firstChild.data = said;
    row.cells[2].textContent = open;
    sure.style.width = `${low * 100}%`;
    perhaps.style.width = `${(high - low) * 100}%`;
  });
  const count = `${Object.keys(answers).length} von ${criteria.length} Fragen beantwortet.`;
  now.firstChild.textContent = `${rules.outcomes[outcome]}. ${count}`;
  return answers;
}

function save() {
  file.answers = { ...file.answers, [rules.exercise]: show() };
  const href = URL.createObjectURL(new Blob([JSON.stringify(file, null, 1)], { type: "application/json" }));
  made("a", { href, download: rules.file }).click();
  say(`Die Datei „${rules.file}“ liegt im Ordner für Downloads.`);
  unsaved = false;
}

// What cannot be read changes nothing.
async function restore() {
  const saved = await chooser.files[0].text().then(JSON.parse).catch(() => null);
  const given = saved?.answers?.[rules.exercise], pairs = Object.entries(given ?? {});
  const known = pairs.every(([id, answer]) => criteria.some(one => one.id === id) && Object.hasOwn(scale, answer));
  chooser.value = "";
  if (saved?.format !== file.format || saved.version !== file.version || typeof (given ?? {}) !== "object" || !known) {
    say("Diese Datei enthält keine lesbaren Antworten. Öffnen Sie eine, die Sie hier gespeichert haben.");
  } else if (!given) {
    say("Diese Datei gehört zu einer anderen Lösung. Öffnen Sie die Seite, auf der Sie gespeichert haben.");
  } else {
    file = { ...file, ...saved };
    for (const { id } of criteria) for (const radio of form.elements[id]) radio.checked = radio.value === given[id];
    say("Die gespeicherten Antworten sind wieder da.");
    unsaved = !show();
  }
}

for (const item of form.querySelectorAll("[data-q]")) {
  const { q, a } = item.dataset, choices = Object.entries(scale).map(([value, [label]]) =>
    made("label", {}, made("input", { type: "radio", name: q, value, defaultChecked: value === a }), ` ${label}`));
  const legend = made("legend", {}, item.firstElementChild);
  item.append(made("fieldset", {}, legend, ...item.childNodes, made("div", { className: "degrees" }, ...choices)));
}
result.id = "fit";
now.lastElementChild.href = "#fit";
form.prepend(intro);
form.append(...tools);
form.onchange = ({ target }) => target === chooser ? restore() : unsaved = !!show();
form.onreset = () => (!unsaved || confirm("Alle Antworten zurücksetzen?")) && void setTimeout(() => unsaved = !show());
form.onsubmit = () => false;
form.elements.save.onclick = save;
form.elements.open.onclick = () => chooser.click();
form.elements.print.onclick = () => print();
onbeforeunload = event => { if (unsaved) event.preventDefault(); };
show();
