// "Alles zurücksetzen": asks first, then lets the kernel do it and shows the notebook as it is on disk.
function button(text, act) {
  const made = document.createElement("button")
  made.type = "button"
  made.className = "clear"
  made.textContent = text
  made.addEventListener("click", act)
  return made
}

function render({ model, el }) {
  const box = document.createElement("div"), question = document.createElement("div"), said = document.createElement("p")
  const open = button("Alles zurücksetzen", () => {
    question.hidden = false
    question.querySelector("button:last-child").focus()
  })
  box.className = "exercise"
  said.className = "said"
  said.setAttribute("role", "status")
  question.hidden = true
  question.setAttribute("role", "group")
  question.append(Object.assign(document.createElement("p"), { textContent: model.get("question") }))
  question.append(
    button("Ja, zurücksetzen", () => {
      question.hidden = true
      model.set("wanted", model.get("wanted") + 1)
      model.save_changes()
      open.focus()
    }),
    " ",
    button("Nein, behalten", () => { question.hidden = true; open.focus() }),
  )
  box.append(open, question, said)
  el.append(box)
  const tell = () => {
    said.textContent = model.get("said")
    // Only the Lab of `make lab` lets a page reach its documents.
    const context = window.jupyterapp?.shell?.currentWidget?.context
    if (model.get("restored") && context) context.revert()
  }
  model.on("change:said", tell)
  return () => model.off("change:said", tell)
}

export default { render }
