"use strict";
const form = document.getElementById("filter"), count = document.getElementById("zahl");
const fold = s => s.toLowerCase().replace(/ß/g, "ss").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/([aou])e/g, "$1");
const cards = [...document.querySelectorAll("#liste > li")].map(card => ({ card, text: fold(card.textContent) }));
form.hidden = false;
for (const [name, value] of new URLSearchParams(location.hash.slice(1))) if (form.elements[name]) form.elements[name].value = value;

function apply() {
  const asked = [...new FormData(form)].filter(([, value]) => value.trim());
  let shown = 0;
  for (const { card, text } of cards) {
    const fits = asked.every(([name, value]) => name === "text"
      ? fold(value).split(/\s+/).every(word => text.includes(word))
      : (card.dataset[name] || "").split(";").includes(value));
    card.hidden = !fits;
    shown += fits;
  }
  count.textContent = shown === 1 ? "1 Lösung" : `${shown} Lösungen`;
  history.replaceState(null, "", asked.length ? "#" + new URLSearchParams(asked) : location.pathname);
}
form.addEventListener("input", apply);
form.addEventListener("submit", event => event.preventDefault());
if (location.hash.length > 1) apply();
