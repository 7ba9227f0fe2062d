"""A typed client, written from the document of the REST API: a TypedDict for each schema, a method for each route."""

import keyword
import re
from typing import Any

HEAD = '''"""Written from the document of the REST API."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

import httpx

'''

CLIENT = '''
class Client:
    """The REST API."""

    def __init__(self, address: str, token: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=address, headers=headers, timeout=60)

    def _ask(self, method: str, path: str, query: dict[str, Any], **more: Any) -> httpx.Response:
        params = {name: value for name, value in query.items() if value is not None}
        return self._http.request(method, path, params=params, **more).raise_for_status()
'''

PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None", "object": "Any"}


def write_client(document: dict[str, Any]) -> str:
    """Return a module with the client."""
    schemas = "".join(_write_schema(name, schema) for name, schema in document["components"]["schemas"].items())
    methods = "".join(
        _write_method(path, method, operation)
        for path, routes in document["paths"].items()
        for method, operation in routes.items()
    )
    return HEAD + schemas + CLIENT + methods


def _write_schema(name: str, schema: dict[str, Any]) -> str:
    if "properties" not in schema:
        return f"{_name(name)} = {_type(schema)}\n\n"
    required = schema.get("required", ())
    fields = [
        f"    {field}: {_type(part) if field in required else f'NotRequired[{_type(part)}]'}\n"
        for field, part in schema["properties"].items()
    ]
    assert not any(keyword.iskeyword(field) for field in schema["properties"])
    return f"class {_name(name)}(TypedDict):\n{''.join(fields)}\n\n"


def _write_method(path: str, method: str, operation: dict[str, Any]) -> str:
    parameters = [parameter for parameter in operation.get("parameters", ()) if "$ref" not in parameter]
    arguments = [f"{one['name']}: {_type(one['schema'])}" for one in parameters if one["in"] == "path"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        arguments.append(f"body: {_type(body['schema'])}")
    queries = [one for one in parameters if one["in"] == "query"]
    arguments += ["*", *(f"{one['name']}: {_type(one['schema'])} | None = None" for one in queries)] if queries else []
    if "multipart/form-data" in operation.get("requestBody", {}).get("content", {}):
        arguments.append("files: Any")
    query = ", ".join(f'"{one["name"]}": {one["name"]}' for one in queries)
    more = ", json=body" if body else ", files=files" if "files: Any" in arguments else ""
    asked = f'self._ask("{method.upper()}", f"{path}", {{{query}}}{more})'
    gives, read = _answer(operation)
    return (
        f"\n    def {operation['operationId']}(self, {', '.join(arguments)}) -> {gives}:\n"
        f'        """{operation["summary"]}."""\n        {"return " if read is not None else ""}{asked}{read or ""}\n'
    ).replace("(self, )", "(self)")


def _answer(operation: dict[str, Any]) -> tuple[str, str | None]:
    """Return what a method gives, and how it is read from the response."""
    good = [answer for status, answer in operation["responses"].items() if status in ("200", "201", "202")]
    content = [part for answer in good for part in answer.get("content", {}).items()]
    if not content:
        return "None", None
    if len(content) == len(good) and all(media == "application/json" for media, _ in content):
        return " | ".join(dict.fromkeys(_type(part["schema"]) for _, part in content)), ".json()"
    return "bytes", ".content"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _name(schema["$ref"].rpartition("/")[2])
    if "const" in schema or "enum" in schema:
        return f"Literal[{', '.join(map(repr, schema.get('enum', [schema.get('const')])))}]"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " | ".join(dict.fromkeys(map(_type, schema[several])))
    if schema.get("type") == "array":
        return f"list[{_type(schema['items'])}]" if "items" in schema else "list[Any]"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"dict[str, {_type(schema['additionalProperties'])}]"
    return PLAIN.get(schema.get("type", "object"), "Any")


def _name(name: str) -> str:
    return re.sub(r"\W", "", name.replace("-", ""))
