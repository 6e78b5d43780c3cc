"""Runs the rules for a survey answer that is about no ticket; they may open one for the customer (F-Q2).

Other steps need a ticket and are left out. Only conditions on the answer can match: rating, csat, nps and survey.
"""

from msgspec.structs import replace

from ticketctl.actions.base.context import Work
from ticketctl.domain.definition.definition import Rule
from ticketctl.domain.rules import rules, survey
from ticketctl.errors import DatabaseTrouble, DeskError
from ticketctl.store.desk import ratings, rule_log
from ticketctl.store.desk.ratings import Rating


def run_rules(work: Work, rating_id: int) -> None:
    """After an answer without a ticket was filed. A rule that fails is logged, and the answer stays."""
    given = ratings.get(work.tx, rating_id)
    for rule in rules.of(work.definition, "survey"):
        fits = survey.fits(
            rules.condition(rule, work.definition, work.at), given.survey, given.scale, given.rating
        )
        branch, steps = (rule_log.THEN, rule.then) if fits else (rule_log.OTHERWISE, rule.otherwise)
        if _note(work, rule, given, branch) and steps:
            rule_log.record_steps(
                work.tx, rule.name, _key(given), *_run_steps(work, rule, given, branch, steps)
            )


def _run_steps(
    work: Work, rule: Rule, given: Rating, branch: str, steps: tuple[str, ...]
) -> tuple[str, list[str]]:
    try:
        with work.tx.savepoint():
            return branch, [_run_step(work, rule, given, step) for step in steps]
    except DatabaseTrouble:
        raise
    except DeskError as refusal:
        return rule_log.FAILED, [refusal.sentence]


def _run_step(work: Work, rule: Rule, given: Rating, written: str) -> str:
    from ticketctl.actions.tickets import (
        steps,
    )  # lazy: steps run verbs, and every verb runs the rules
    from ticketctl.actions.tickets.run_rules import ACTOR

    found = rules.step(written)
    if found.word != "ticket":
        return f"no {found.word}: the answer is about no ticket"
    return steps.ticket_of(
        replace(work, actor=ACTOR), given.id, found.value, why=f"rule {rule.name}"
    )


def _note(work: Work, rule: Rule, given: Rating, branch: str) -> bool:
    return rule_log.add(
        work.tx,
        rule=rule.name,
        event=_key(given),
        ticket=None,
        at=work.at,
        branch=branch,
        version=work.definition.version,
    )


def _key(given: Rating) -> str:
    return f"survey {given.id}"
