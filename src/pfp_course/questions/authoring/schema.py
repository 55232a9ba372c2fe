"""A JSON Schema of question banks, so that editors complete and check them."""

from typing import Any

from pfp_course.questions.bank import Bank

__all__ = ["bank_schema"]


def bank_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a bank, made from its types."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Made by `pfp questions schema`; do not edit.",
        **Bank.model_json_schema(by_alias=True),
    }
