// The form of an exercise in JupyterLab: what people fill in goes to the kernel, its reply is told below.
function filledIn(form) {
  return Object.fromEntries(new FormData(form).entries())
}

function fillIn(form, filled) {
  for (const control of form.elements) {
    if (!control.name) continue
    const value = filled[control.name]
    if (control.type === "radio" || control.type === "checkbox") control.checked = control.value === value
    else control.value = value ?? ""
  }
}

function render({ model, el }) {
  el.innerHTML = model.get("html")
  const form = el.querySelector("form"), said = el.querySelector("[data-said]")
  const tell = () => { said.textContent = model.get("said") }
  const send = () => { model.set("filled", filledIn(form)); model.save_changes() }
  const again = () => fillIn(form, model.get("filled"))
  fillIn(form, model.get("filled"))
  tell()
  form.addEventListener("change", send)
  form.addEventListener("submit", event => { event.preventDefault(); send() })
  // A radio button cannot be taken back otherwise.
  const clear = document.createElement("button")
  clear.type = "button"
  clear.className = "clear"
  clear.textContent = "Antwort löschen"
  clear.addEventListener("click", () => { fillIn(form, {}); send(); (form.elements[0]).focus() })
  said.before(clear)
  // Keys typed into a form are not commands of the notebook.
  el.addEventListener("keydown", event => event.stopPropagation())
  model.on("change:said", tell)
  model.on("change:filled", again)
  return () => { model.off("change:said", tell); model.off("change:filled", again) }
}

export default { render }
