"""Make unlike variables comparable: transform, cap, z-score over the whole reference population."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd

from transferkit.errors import MethodError

Floats = npt.NDArray[np.float64]

# A logarithm of nothing is unknown, not minus infinity: a place without people has no ln(population).
TRANSFORMS: dict[str, Callable[[Floats], Floats]] = {
    "ln": lambda x: np.log(np.where(x > 0, x, np.nan)),
    "ln(1+x)": lambda x: np.log1p(np.where(x >= 0, x, np.nan)),
    "sqrt": lambda x: np.sqrt(np.where(x >= 0, x, np.nan)),
    "none": lambda x: x,
}

UNINCORPORATED = ("65", "66")  # Textkennzeichen of gemeindefreie Gebiete


def variables(model: pd.DataFrame, level: str) -> pd.DataFrame:
    """The rows of the peer model for one level (`gemeinde` or `kreis`), in order; indexed by variable.

    Raises `MethodError` for an unknown level or transform, a negative weight, or weights that are all zero.
    """
    levels = list(dict.fromkeys(model["level"].astype(str)))
    if level not in levels:
        raise MethodError(f"Die Ebene „{level}“ fehlt im Vergleichsmodell. Möglich: {', '.join(levels)}.")
    rows = model[model["level"] == level].sort_values("order").set_index("variable")
    rows.index = rows.index.astype(str)
    unknown = sorted(set(rows["transform"].astype(str)) - set(TRANSFORMS))
    if unknown:
        possible = ", ".join(TRANSFORMS)
        raise MethodError(f"Unbekannte Umformung „{unknown[0]}“ im Vergleichsmodell. Möglich: {possible}.")
    weights = rows["weight"].to_numpy(dtype=float, na_value=np.nan)
    if not (weights >= 0).all():
        raise MethodError("Ein Gewicht im Vergleichsmodell fehlt oder ist negativ. Erlaubt ist 0 oder mehr.")
    if weights.sum() == 0:
        raise MethodError("Alle Gewichte im Vergleichsmodell sind 0. Mindestens ein Merkmal muss zählen.")
    return rows


def is_place(table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """True for rows with people: gemeindefreie Gebiete and rows of population 0 or unknown are no places."""
    inhabited = numbers(table, "population") > 0
    if "type_code" not in table:
        return inhabited
    return inhabited & ~table["type_code"].isin(UNINCORPORATED).to_numpy(dtype=bool)


def numbers(table: pd.DataFrame, column: str) -> Floats:
    """One column as floats, unknown values as NaN."""
    if column not in table:
        near = get_close_matches(column, [str(name) for name in table.columns], n=1)
        hint = f" Meinten Sie „{near[0]}“?" if near else ""
        raise MethodError(f"Für den Vergleich fehlt die Spalte „{column}“.{hint}")
    return pd.to_numeric(table[column]).to_numpy(dtype=float, na_value=np.nan)


@dataclass(frozen=True)
class Scale:
    """How raw values of one level become z-scores: p variables with transform, mean, sd and weight."""

    names: tuple[str, ...]
    labels: tuple[str, ...]
    transforms: tuple[str, ...]
    mean: Floats
    sd: Floats
    weights: Floats
    cap_sd: float
    notes: tuple[str, ...]

    def z(self, table: pd.DataFrame) -> tuple[Floats, tuple[str, ...]]:
        """z-scores, p x n, and German notes about what was dropped or capped."""
        z = self._uncapped(np.stack([numbers(table, name) for name in self.names]))
        capped = zip(self.labels, (z > self.cap_sd).sum(axis=1), strict=True)
        said = [f"„{label}“: {count} sehr hohe Werte gekappt." for label, count in capped if count]
        return np.minimum(z, self.cap_sd), (*self.notes, *said)

    def z_of(self, values: Floats) -> Floats:
        """z-scores (p) of one place from its raw values (p), unknown as NaN."""
        z: Floats = np.minimum(self._uncapped(values[:, None])[:, 0], self.cap_sd)
        return z

    def _uncapped(self, raw: Floats) -> Floats:
        pairs = zip(self.transforms, raw, strict=True)
        moved = np.stack([TRANSFORMS[transform](values) for transform, values in pairs])
        return (moved - self.mean[:, None]) / self.sd[:, None]


def scale(statistics: pd.DataFrame, model: pd.DataFrame, level: str, cap_sd: float) -> Scale:
    """Join the model with the national statistics; a variable without spread is dropped and noted."""
    rows = variables(model, level)
    chosen = statistics[statistics["level"] == level]
    reference = {
        str(variable): (str(transform), float(mean), float(sd))
        for variable, transform, mean, sd in zip(
            chosen["variable"], chosen["transform"], chosen["mean"], chosen["sd"], strict=True
        )
    }
    kept, notes = [], []
    for variable, label, transform, weight in zip(
        rows.index, rows["label_de"], rows["transform"], rows["weight"], strict=True
    ):
        if variable not in reference:
            raise MethodError(f"Für „{variable}“ fehlen bundesweite Vergleichswerte auf der Ebene „{level}“.")
        found, mean, sd = reference[variable]
        if found != transform:
            raise MethodError(
                f"„{variable}“ ist im Vergleichsmodell mit „{transform}“ umgeformt, in den Vergleichswerten"
                f" mit „{found}“. Beide müssen gleich sein."
            )
        if sd > 0:
            kept.append((variable, str(label), str(transform), mean, sd, float(weight)))
        else:
            notes.append(f"„{label}“ zählt nicht: Der Wert ist überall gleich.")
    if not any(weight for *_, weight in kept):
        raise MethodError("Kein Merkmal mit Gewicht unterscheidet die Kommunen. Das ist kein Vergleich.")
    names, labels, transforms, means, sds, weights = zip(*kept, strict=True)
    return Scale(
        names, labels, transforms, np.array(means), np.array(sds), np.array(weights), cap_sd, tuple(notes)
    )


def transformed(table: pd.DataFrame, names: Iterable[str], transforms: Iterable[str]) -> Floats:
    """Transformed values, one row per variable, one column per place."""
    pairs = zip(names, transforms, strict=True)
    return np.stack([TRANSFORMS[transform](numbers(table, name)) for name, transform in pairs])


def reference_statistics(table: pd.DataFrame, model: pd.DataFrame, level: str = "gemeinde") -> pd.DataFrame:
    """National mean, standard deviation (n - 1) and percentiles of each transformed variable of the model.

    `table` is a whole register; the result has the columns of `reference_statistics.csv`, unweighted.
    """
    rows = variables(model, level)
    values = transformed(table[is_place(table)], rows.index, rows["transform"])
    frame = pd.DataFrame(values.T, columns=rows.index)
    quantiles = frame.quantile([0.05, 0.5, 0.95])
    return pd.DataFrame(
        {
            "level": level,
            "variable": rows.index,
            "transform": rows["transform"].astype(str).to_numpy(),
            "n": frame.count().to_numpy(),
            "mean": frame.mean().to_numpy(),
            "sd": frame.std().to_numpy(),
            "p05": quantiles.loc[0.05].to_numpy(),
            "p50": quantiles.loc[0.5].to_numpy(),
            "p95": quantiles.loc[0.95].to_numpy(),
        }
    )


def standardise(
    table: pd.DataFrame,
    statistics: pd.DataFrame,
    model: pd.DataFrame,
    level: str = "gemeinde",
    *,
    cap_sd: float = 5.0,
) -> pd.DataFrame:
    """z-scores of every row of `table`, one column per variable of the model; unknown stays NaN.

    Values above mean + `cap_sd` standard deviations are capped first (as the NHS peer groups do, here on the
    transformed scale because that is the one the statistics describe). Mean and standard deviation come from
    `statistics`, the whole reference population, so that a z-score never depends on who is compared.
    A variable without spread is dropped. `result.attrs["notes"]` says in German what was dropped or capped.
    """
    measure = scale(statistics, model, level, cap_sd)
    z, notes = measure.z(table)
    result = pd.DataFrame(z.T, index=table.index, columns=list(measure.names))
    result.attrs["notes"] = list(notes)
    return result
