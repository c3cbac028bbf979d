"""The agenda as people read it."""

from __future__ import annotations

import transferkit as tk
from transferkit.present import agenda


def test_the_table_names_clock_minutes_and_method_once() -> None:
    block = agenda.table(tk.plan_workshop(["punktabfrage", "troika"], "9:00", 90))
    assert block
    assert "09:00–\u206009:05" in block.text
    assert "Zusammen 90 Minuten" in block.text
    assert block.text.count("Punktabfrage") == 1
    assert "eigene Einschätzung" in block.text
    assert 'href="#q-workshopr-liberating-structures-troika-consulting"' in block.html


def test_people_who_take_part_see_methods_and_breaks_without_time_to_spare() -> None:
    block = agenda.overview(tk.plan_workshop(["marktplatz", "fishbowl"], "9:00", 240))
    assert block
    assert block.text.index("Begrüßung") < block.text.index("Marktplatz") < block.text.index("Pause")
    assert "Zeit für Fragen" not in block.text


def test_materials_can_be_ticked_off_and_notes_stand_below() -> None:
    block = agenda.materials(tk.plan_workshop(["world-cafe"], "9:00", 120, people=5))
    assert "☐ Gedruckte Übungen, eine je Person" in block.text
    assert "für 15 bis 80 Personen gedacht, nicht für 5" in block.text


def test_fallbacks_tell_what_to_do_without_projector_and_network() -> None:
    text = agenda.fallbacks(tk.plan_workshop(["premortem"], "9:00", 90)).text
    assert text.index("Beamer") < text.index("Netz") < text.index("Zeit wird knapp")
    assert "Premortem (Scheitern vorwegnehmen): Nehmen Sie statt der digitalen Tafel Karten" in text


def test_meetings_of_a_learning_group_become_agendas_too() -> None:
    planned = tk.plan_meeting("kick-off", "10:00", 110)
    assert planned.rows["minutes"].sum() == 110
    assert "Ankommen: Jede Kommune sagt" in str(agenda.table(planned))
