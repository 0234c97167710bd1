"""JSON Schemas: of the config file, with the words of its declarations, and of `snapshot --format json`."""

import ast
import inspect
import json
from typing import Any

import msgspec

from rotation_tui.board.contract import SCHEMA, Board
from rotation_tui.config import schema as declared
from rotation_tui.domain import alert, positions, watchlist


def config_schema() -> str:
    schema: dict[str, Any] = msgspec.json.schema(declared.Config)
    words = descriptions()
    for struct, definition in schema["$defs"].items():
        for key, value in definition.get("properties", {}).items():
            if text := words.get((struct, key)):
                value["description"] = text
    text = json.dumps(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "rotation-tui config", **schema}, indent=2
    )
    return text.replace("FeedSettings", "Feed")  # what the schema calls a source does not hang on the class


def descriptions() -> dict[tuple[str, str], str]:
    """The sentence below each field of each table, by names of struct and field."""
    found: dict[tuple[str, str], str] = {}
    modules = (declared, alert, watchlist, positions)
    for struct in (node for module in modules for node in ast.parse(inspect.getsource(module)).body):
        if isinstance(struct, ast.ClassDef):
            for field, text in zip(struct.body, struct.body[1:], strict=False):
                match field, text:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                        found[struct.name, name] = " ".join(words.split())
    return found


def contract_schema() -> str:
    """JSON Schema (2020-12) of `snapshot --format json`; every key is required, additions are allowed."""
    schema = msgspec.json.schema(Board)
    for definition in schema.get("$defs", {}).values():
        if definition.get("type") == "object" and "properties" in definition:
            definition["required"] = sorted(definition["properties"])
    schema["$defs"]["Board"]["properties"]["schema"] = {"const": SCHEMA}
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode()
