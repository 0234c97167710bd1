"""The JSON Schema of the snapshot contract, made from the types that produce it."""

from typing import Any

import msgspec

from rotation_tui.board.contract import SCHEMA, Board


def contract_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `snapshot --format json`; every key is required, additions are allowed."""
    schema = msgspec.json.schema(Board)
    for definition in schema.get("$defs", {}).values():
        if definition.get("type") == "object" and "properties" in definition:
            definition["required"] = sorted(definition["properties"])
    schema["$defs"]["Board"]["properties"]["schema"] = {"const": SCHEMA}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text() -> str:
    """The schema as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(contract_schema()), indent=2).decode()
