"""Build the site: plan, take over what is unchanged, make the rest in parallel, publish by one rename."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from contextlib import ExitStack, closing
from functools import partial
from importlib.metadata import version
from pathlib import Path

from transferkit.publish import fingerprint, glossary, journal, manifest, news, site, storage
from transferkit.publish.before import Before
from transferkit.publish.build_result import BuildResult, Made, failures_of
from transferkit.publish.check.gate import Gate
from transferkit.publish.fingerprint import Origin
from transferkit.publish.gone import gone
from transferkit.publish.journal import BUILT, FAILED, Journal, Row
from transferkit.publish.manifest import Entry, Manifest
from transferkit.publish.news import News
from transferkit.publish.page import Page
from transferkit.publish.parallel import Workers, outcomes, started
from transferkit.publish.plan import Plan, Selection, Sources, plan
from transferkit.publish.previous import Previous, previous
from transferkit.publish.publication import publish, staging
from transferkit.publish.worker import Limits, Outcome, Task, make, start_workers

Watch = Callable[[Iterable[Outcome], int], Iterable[Outcome]]
SITE_PAGES = tuple(f"{name}.html" for name in site.PAGES)
AFTER_AN_ERROR = (
    "Die veröffentlichten Seiten sind unverändert. Was schon gerechnet ist, übernimmt der nächste Bau."
)


@storage.required(AFTER_AN_ERROR)
def build(
    sources: Sources,
    out: Path,
    selection: Selection | None = None,
    limits: Limits | None = None,
    *,
    workers: Workers | None = None,
    watch: Watch = lambda items, total: items,
) -> BuildResult:
    """Build the selected pages into the site at `out`; pages not selected stay as they are.

    Executed notebooks go to the folder `executed` beside `out`. `workers` gives the executor to work on
    (default: processes); `watch` sees every outcome pass. Raises BuildError or ParameterError before anything
    is done, and BuildError where a disk is full or closed to us; the published site stays as it is until
    everything else is in place and sound.
    """
    limits = limits or Limits()
    workers = partial(start_workers, limits.jobs) if workers is None else workers
    out = out.resolve()
    with staging(out) as folder, ExitStack() as ahead:
        published = manifest.read(out)
        planned = plan(sources, selection, published.pages.values())
        origin = fingerprint.origin(sources.toc, sources.notebooks, sources.digests)
        if published.key != origin.key:  # there will be something to make
            workers = ahead.enter_context(started(workers))
        old = previous(out, published, planned.pages)
        current = _Build(sources, limits, planned, origin, old, folder, workers)
        made = current.make(watch)
        in_place = False
        if limits.keep_going or not failures_of(made):
            made = current.with_true_links(made)
            entries = current.entries(made)
            in_place = current.is_in_place(made) or current.publish(entries, made)
    failures = failures_of(made)
    unchanged = len(planned.selected - made.keys())
    return BuildResult(len(made) - len(failures), unchanged, failures, in_place, current.gate.judged)


def journal_of(out: Path) -> Path:
    """Where the journal of the site at `out` lies: with the executed notebooks beside it."""
    return _executed(out.resolve()) / journal.NAME


def _executed(out: Path) -> Path:
    return out.with_name("executed")


class _Build:
    """A build under way: what is known before the first page is made, and its steps."""

    def __init__(
        self,
        sources: Sources,
        limits: Limits,
        planned: Plan,
        origin: Origin,
        old: Previous,
        folder: Path,
        workers: Workers,
    ) -> None:
        self.sources, self.limits, self.planned, self.workers = sources, limits, planned, workers
        self.old, self.out, self.folder, self.scratch = old, old.site, folder, folder / ".scratch"
        self.origin, self.terms = origin, glossary.terms(sources.tables["glossary"])
        self.program = glossary.with_program(origin.program, self.terms)
        self.before = Before(_executed(self.out), self.out)
        self.gate = Gate(sources, old, origin.key)
        self.changes: dict[str, list[str]] = {}  # by address: what a reader finds changed
        self.keys = self._keys()

    def make(self, watch: Watch) -> Made:
        """Make the selected pages that have changed, in any order; without `keep_going` up to a failure."""
        pages = [page for page in self.planned.pages if self._has_changed(page)]
        self.before.keep(page.address for page in pages)
        if not pages:
            return {}
        known = {*SITE_PAGES, *self.planned.selected, *self.planned.elsewhere, *self.old.pages}
        made: Made = {}
        running = outcomes(make, self._tasks(pages, known), self.workers)
        with Journal(journal_of(self.out)) as written, closing(running):
            for outcome in watch(running, len(pages)):
                made[outcome.page.address] = outcome
                written.add(self._row(outcome))
                self._compare(outcome)
                if outcome.failure and not self.limits.keep_going:
                    break
        return made

    def with_true_links(self, made: Made) -> Made:
        """Render those pages again whose links do not fit the pages that are there in the end."""
        entries = {entry.address: entry for entry in self.entries(made)}
        present = {*SITE_PAGES, *entries, *self.planned.elsewhere}
        pages = [
            page
            for page in self.planned.pages
            if page.address in entries and self._needs_other_links(entries[page.address], present)
        ]
        again = outcomes(make, self._tasks(pages, present), self.workers)
        return {**made, **{outcome.page.address: outcome for outcome in again}}

    def entries(self, made: Made) -> list[Entry]:
        """The pages of the new site, in order: those made, and the last good version of all others."""
        new = {address: self._entry(outcome) for address, outcome in made.items() if not outcome.failure}
        all_entries = {**self.old.pages, **new}
        return [all_entries[page.address] for page in self.planned.pages if page.address in all_entries]

    def is_in_place(self, made: Made) -> bool:
        """Whether the published site is what this build would publish: then it stays untouched."""
        everything = [page.address for page in self.planned.pages if page.address in self.old.pages]
        return (
            not made
            and self.old.manifest.key == self.origin.key
            and len(everything) == len(self.old.manifest.pages)
            and manifest.are_as_written(self.out, self.old.manifest.files)
            and self.gate.lets_stay()
        )

    def publish(self, entries: list[Entry], made: Made) -> bool:
        """Complete the new site and put it in the place of the old one; False if it is empty or unsound."""
        if not entries:
            return False
        addresses = {entry.address for entry in entries}
        kept = manifest.addresses(entry for entry in entries if entry is self.old.pages.get(entry.address))
        shutil.rmtree(self.scratch, ignore_errors=True)
        self._keep_only(manifest.addresses(entries) - kept)
        self.old.take_over(kept, self.folder)
        toc = self.sources.toc
        told = news.kept(self._news(made), self.old.manifest.news, addresses)
        planned = {page.address for page in self.planned.pages}
        titles = {entry.address: entry.title for entry in self.old.manifest.pages.values()}
        lost = gone(titles, self.old.manifest.gone, planned, addresses, toc.edition)
        site.write(
            self.folder,
            site.Site(
                edition=toc.edition,
                version=version("transferkit"),
                title=toc.title,
                address=toc.address,
                pages=[page for page in self.planned.pages if page.address in addresses],
                tables=self.sources.tables,
                news=told,
                operator=toc.operator,
                gone=lost,
            ),
        )
        if not self.gate.lets_pass(self.folder, entries, self.planned.elsewhere):
            return False
        new = Manifest(
            {entry.address: entry for entry in entries},
            told,
            self.origin.key,
            findings=tuple(self.gate.found),
            gone=lost,
        )
        manifest.write(self.folder, new, version("transferkit"))
        publish(self.folder, self.out)
        self.before.published(failure.address for failure in failures_of(made))
        return True

    def _compare(self, outcome: Outcome) -> None:
        """Find what has changed on a page while others are being made: the time of thousands adds up."""
        if not outcome.failure and outcome.page.address in self.old.manifest.pages:
            self.changes[outcome.page.address] = self.before.changes(outcome.page.address)

    def _news(self, made: Made) -> list[News]:
        """On a first publication nothing is news."""
        if not self.old.manifest.pages:
            return []
        good = {address for address, outcome in made.items() if not outcome.failure}
        pages = [page for page in self.planned.pages if page.address in good]
        return news.news(pages, self.old.manifest.pages, self.changes, self.sources.toc.edition)

    def _keep_only(self, addresses: set[str]) -> None:
        """Remove what a page that failed, or took its process down, has left in the new site."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path.relative_to(self.folder).as_posix() not in addresses:
                path.unlink()

    def _keys(self) -> dict[str, str]:
        notebooks, program = self.origin.notebooks, self.program
        return {
            page.address: fingerprint.of_page(page, notebooks[page.guide], program)
            for page in self.planned.pages
        }

    def _has_changed(self, page: Page) -> bool:
        entry = self.old.pages.get(page.address)
        return page.address in self.planned.selected and (
            entry is None
            or entry.key != self.keys[page.address]
            or entry.data != self.sources.digests_of_reads(entry.reads)
        )

    def _needs_other_links(self, entry: Entry, present: set[str]) -> bool:
        """A dead link is cut on every page; a page that is new is linked to from the selected ones."""
        can_link_more = not present.isdisjoint(entry.unlinked)
        return not present.issuperset(entry.links) or (
            can_link_more and entry.address in self.planned.selected
        )

    def _tasks(self, pages: list[Page], known: set[str]) -> list[Task]:
        known_file = self.scratch / f"known-{len(known)}"
        storage.write(known_file, "\n".join(sorted(known)).encode())
        guides = {guide.name: guide for guide in self.sources.toc.guides}
        return [
            Task(
                page=page,
                notebook=self.sources.notebooks / guides[page.guide].notebook,
                executed=(_executed(self.out) / page.address).with_suffix(".ipynb"),
                html=self.folder / page.address,
                known=known_file,
                key=self._made_from(page),
                cwd=self.sources.notebooks,
                limits=self.limits,
                # Papers leave the house on paper: no links in their sentences.
                terms=() if guides[page.guide].on_request else self.terms,
            )
            for page in pages
        ]

    def _made_from(self, page: Page) -> str:
        """Before a notebook has run, nobody knows which data it reads: it may be any."""
        return fingerprint.of_value([self.keys[page.address], self.sources.digests])

    def _row(self, outcome: Outcome) -> Row:
        address, failure = outcome.page.address, outcome.failure
        return Row(
            address=address,
            state=FAILED if failure else BUILT,
            key=self._made_from(outcome.page),
            seconds=round(outcome.seconds, 3),
            peak_mb=outcome.peak_mb,
            error=failure.reason if failure else "",
        )

    def _entry(self, outcome: Outcome) -> Entry:
        page = outcome.page
        return Entry(
            address=page.address,
            title=page.title,
            guide=page.guide,
            parameters=page.parameters,
            sha256=outcome.sha256,
            key=self.keys[page.address],
            reads=outcome.reads,
            data=self.sources.digests_of_reads(outcome.reads),
            links=outcome.links,
            unlinked=outcome.unlinked,
            targets=outcome.targets,
            findings=outcome.findings,
            files=outcome.files,
            notebook=self.origin.notebooks[page.guide],
            program=self.program,
        )
