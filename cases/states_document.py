"""The page of every status and every move, written from the code: `docs/states.md`."""

from __future__ import annotations

from collections.abc import Iterator

from cases.models import Case, RespondentPosition, states
from cases.workflow import TRANSITIONS, Transition, sentence
from cases.workflow.engine import ASKED
from cases.workflow.positions import FOLLOWS
from cases.workflow.safeguards import STEPS

TITLES = {
    states.REVIEW.name: ("The review", "The office's own machine: what it thinks of one case."),
    states.MOTION.name: ("The motion", "What the office asks of a judge; people sign and file."),
    states.COURT.name: (
        "The case in court",
        "Each of these records what a court or an agency did, with its document, its actor and its"
        " day. Deliveries of the courts' own data say where a case stands beside it.",
    ),
    states.BATCH.name: ("The closure batch", "Many approvals through one gate."),
    states.RESTART.name: (
        "The restart review",
        "Whether a closed case goes back. What is noticed after closure opens it, and never does"
        " more; a person takes every step, and an act of a court or a new case ends it.",
    ),
}
STATUSES = {
    "review": states.Review,
    "motion": states.Motion,
    "case": Case.Status,
    "batch": states.Batch,
    "restart": states.Restart,
}
WHO = {
    "cases.open_review": "intake",
    "cases.review_case": "attorney",
    "cases.approve_closure": "supervisor",
    "cases.record_court_act": "recorder of court acts",
    "cases.record_aftermath": "recorder of what follows closure",
    "cases.record_screening": "the service",
    "cases.sign_motion": "who may sign",
    "cases.propose_batch": "who may propose batches",
    "cases.read_sample": "reader of samples",
    "cases.approve_batch": "who may approve batches",
}


def document() -> str:
    """Return the page as Markdown."""
    return "\n".join([*_lines(), ""])


def _lines() -> Iterator[str]:
    yield "# Every status, and every move"
    yield ""
    yield "Written by `manage.py states` from the tables in `cases/models/states.py` and"
    yield "`cases/workflow/`; the same edges are triggers and checks in the database."
    for machine in states.MACHINES:
        title, about = TITLES[machine.name]
        yield from ("", f"## {title}", "", about, "", "```mermaid", "stateDiagram-v2")
        for edge in machine.edges:
            source = _node(edge.source) if edge.source else "[*]"
            yield f"    {source} --> {_node(edge.target)}: {edge.transition}"
        yield from ("```", "")
        yield "| move | from | to | who | asks for | refused, if | law |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
        labels = {value: str(label) for value, label in STATUSES[machine.name].choices}
        for name in dict.fromkeys(edge.transition for edge in machine.edges):
            yield _row(TRANSITIONS[machine.name][name], labels)
    yield from _positions()
    yield from _safeguards()


def _node(status: str) -> str:
    return status.replace("-", "_")


def _row(transition: Transition, labels: dict[str, str]) -> str:
    cells = (
        f"{transition.name}{' (override)' if transition.override else ''}",
        ", ".join(labels.get(s, "new") for s in labels if s in transition.sources) or "new",
        labels[transition.target],
        ", ".join(WHO[p] for p in transition.permissions),
        ", ".join(name.replace("_", " ") for name in transition.asks),
        " ".join(sentence(guard) for guard in transition.guards),
        transition.law,
    )
    return f"| {' | '.join(cells)} |"


def _positions() -> Iterator[str]:
    yield from ("", "## The respondent's position", "")
    yield "A new one supersedes the one before; none is edited. Silence is not consent."
    yield from ("", "| position | may follow |", "| --- | --- |")
    for position, label in RespondentPosition.Position.choices:
        before = FOLLOWS[position]
        named = [lab for value, lab in RespondentPosition.Position.choices if value in before]
        any_other = len(named) == len(RespondentPosition.Position.choices)
        after = ["any"] if any_other else named
        yield f"| {label} | {', '.join([*(['none yet'] if '' in before else []), *after])} |"


def _safeguards() -> Iterator[str]:
    yield from ("", "## Safeguards", "", "| for | step | before |", "| --- | --- | --- |")
    for step in STEPS.values():
        yield f"| {step.why} | {step.text} | {step.before} |"
    yield from ("", "## What a move may ask for", "")
    for name, (_, say) in ASKED.items():
        yield f"- {name.replace('_', ' ')}: {say}"
