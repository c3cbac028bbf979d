"""What a person decided about the groups: pairs fixed or forbidden, each with a reason."""

from __future__ import annotations

import pandas as pd

from transferkit.errors import MethodError
from transferkit.methods.cohort_pairs import PARTS


def sound(overrides: pd.DataFrame | None, people: pd.DataFrame) -> pd.DataFrame:
    """The overrides in a fixed order, refused where they cannot hold."""
    columns = ["kind", "application_id", "mentor", "reason_de"]
    if overrides is None or overrides.empty:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in columns})
    consenting = set(people.loc[people["consent"] == "yes", "application_id"])
    for row in overrides.to_dict("records"):
        what = f"Vorgabe „{row['application_id']}“ und „{row['mentor']}“"
        if row["kind"] not in ("fix", "forbid"):
            raise MethodError(f"{what}: Erlaubt sind fix und forbid, nicht „{row['kind']}“.")
        if not isinstance(row["reason_de"], str) or not row["reason_de"].strip():
            raise MethodError(f"{what}: Es fehlt eine Begründung.")
        for key in (row["application_id"], row["mentor"]):
            if key not in set(people["application_id"]):
                raise MethodError(f"{what}: Die Bewerbung „{key}“ gibt es nicht.")
            if row["kind"] == "fix" and key not in consenting:
                raise MethodError(f"{what}: „{key}“ hat nicht eingewilligt. Das lässt sich nicht übergehen.")
    if (double := overrides[overrides.duplicated(["application_id", "mentor"])]).size:
        raise MethodError(f"Zu „{double.iloc[0]['application_id']}“ gibt es zwei Vorgaben. Nötig ist eine.")
    fixed = overrides[overrides["kind"] == "fix"]
    if (double := fixed[fixed["application_id"].duplicated()]).size:
        raise MethodError(f"„{double.iloc[0]['application_id']}“ kann nur in einer Gruppe sein.")
    if both := set(fixed["application_id"]) & set(fixed["mentor"]):
        raise MethodError(f"„{min(both)}“ kann nicht zugleich leiten und lernen.")
    return overrides.sort_values(["kind", "application_id", "mentor"], ignore_index=True)[columns]


def applied(candidates: pd.DataFrame, said: pd.DataFrame, ready: pd.DataFrame) -> pd.DataFrame:
    """Without forbidden pairs; whoever is fixed fits only the chosen mentor, and always does."""
    named = said.set_index(["application_id", "mentor"])["kind"]
    keys = pd.MultiIndex.from_frame(candidates[["application_id", "mentor"]])
    candidates = candidates[~keys.isin(named.index[named == "forbid"])]
    wishes = dict(zip(ready["application_id"], ready["interests"], strict=True))
    rows = [candidates]
    for row in said[said["kind"] == "fix"].to_dict("records"):
        mine = candidates["application_id"] == row["application_id"]
        with_mentor = candidates[mine & (candidates["mentor"] == row["mentor"])]
        rows[0] = rows[0][rows[0]["application_id"] != row["application_id"]]
        if with_mentor.empty:
            asked = wishes[row["application_id"]].split(";")[0]
            values = dict.fromkeys((*PARTS, "score"), 0.0)
            one = {"application_id": row["application_id"], "mentor": row["mentor"], "theme_id": asked}
            with_mentor = pd.DataFrame([one | values])
        rows.append(with_mentor)
    fixed = set(said.loc[said["kind"] == "fix", "mentor"])
    found = pd.concat(rows, ignore_index=True)
    return found[~found["application_id"].isin(fixed)]  # who must lead does not learn
