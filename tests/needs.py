"""What checks, claims and drivers read, as the program looks it up: `python -m tests.needs` writes it."""

import json
from collections.abc import Iterable

from msgspec.structs import astuple

from rotation_tui.checks.base import Check
from rotation_tui.checks.drivers import DRIVERS, Driver
from rotation_tui.checks.evaluate import all_checks
from rotation_tui.claims.audit import all_claims
from rotation_tui.claims.base import Claim
from rotation_tui.evaluation.needs import TABLE


def _reads(parts: Iterable[Check | Claim | Driver]) -> dict[str, list[list[str]]]:
    return {part.id: [[type(each).__name__, *astuple(each)] for each in part.inputs] for part in parts}


def made() -> str:
    """The table, a part a line."""
    kinds = {"checks": _reads(all_checks()), "claims": _reads(all_claims()), "drivers": _reads(DRIVERS)}
    return "{\n" + ",\n".join(f"{json.dumps(kind)}: {_lines(reads)}" for kind, reads in kinds.items()) + "\n}\n"


def _lines(reads: dict[str, list[list[str]]]) -> str:
    return "{\n" + ",\n".join(f"  {json.dumps(part)}: {json.dumps(inputs)}" for part, inputs in reads.items()) + "\n}"


if __name__ == "__main__":
    TABLE.write_text(made(), encoding="utf-8")
