"use strict";
const form = document.getElementById("filter"), count = document.getElementById("zahl");
const fold = s => s.toLowerCase().replace(/ß/g, "ss").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/([aou])e/g, "$1");
const cards = [...document.querySelectorAll("#liste .card")].map(card => ({ card, text: fold(card.textContent) }));
const sections = [...document.querySelectorAll("#liste section")];
const { one, many, none } = form.dataset;

function apply() {
  const asked = [...new FormData(form)].filter(([, value]) => value.trim());
  let shown = 0;
  for (const { card, text } of cards) {
    const fits = asked.every(([name, value]) => name === "text"
      ? fold(value).trim().split(/\s+/).every(word => text.includes(word))
      : card.dataset[name].split(";").includes(value));
    card.hidden = !fits;
    shown += fits;
  }
  for (const section of sections) section.hidden = !section.querySelector(".card:not([hidden])");
  count.textContent = !shown ? `${none} ${one} passt zu allen Angaben.` : shown === 1 ? `1 ${one}` : `${shown} ${many}`;
  return asked;
}

// The address carries the choice: loesungen.html#thema=smart-regions opens filtered and can be passed on.
function fromAddress() {
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const field of form.elements) if (field.name) {
    field.value = asked.get(field.name) || "";
    if (field.selectedIndex === -1) field.value = "";
  }
  apply();
}

function choose() {
  const asked = apply();
  history.replaceState(null, "", asked.length ? "#" + new URLSearchParams(asked) : location.href.split("#")[0]);
}

form.hidden = false;
form.addEventListener("input", choose);
form.addEventListener("reset", () => setTimeout(choose));
form.addEventListener("submit", event => event.preventDefault());
addEventListener("hashchange", fromAddress);
fromAddress();
