// The secret stands behind the # of the link: it reaches no log. The server changes it for a cookie.
const secret = location.hash.slice(1), gesagt = document.getElementById("gesagt");
(async () => {
  if (!secret && config.signed) { location.replace("uebersicht"); return; }
  if (!secret) { gesagt.textContent = "Bitte öffnen Sie den Link für die Leitung, den „transferkit workshop new“ gezeigt hat."; return; }
  const { status, body } = await ask("anmelden", { secret });
  if (status === 200) location.replace("uebersicht");
  else gesagt.textContent = body.message ?? "Die Verbindung fehlt. Laden Sie die Seite noch einmal.";
})();
