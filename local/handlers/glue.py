"""Glue: another account's catalogue, named by that account's id; moto looks into the caller's own.

Source: Glue API reference, GetTable and GetDatabase, CatalogId; read 2026-11-29.
"""

from moto.glue.models import glue_backends

from local.handlers.operation import Call, operation
from local.handlers.records import Record


@operation("glue", "GetTable")
def get_table(call: Call) -> Record | None:
    """Read a table of another account."""
    owner = call.params.get("CatalogId", call.account)
    if owner == call.account:
        return None
    table = glue_backends[owner][call.region].get_table(call.params["DatabaseName"], call.params["Name"])
    return {"Table": table.as_dict()}


@operation("glue", "GetDatabase")
def get_database(call: Call) -> Record | None:
    """Read a database of another account."""
    owner = call.params.get("CatalogId", call.account)
    if owner == call.account:
        return None
    return {"Database": glue_backends[owner][call.region].get_database(call.params["Name"]).as_dict()}
