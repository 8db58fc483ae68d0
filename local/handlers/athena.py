"""Athena: what moto doesn't know of workgroups and catalogues: changing them, and what a deletion asks."""

from moto.athena.models import DataCatalog, WorkGroup, athena_backends

from local.handlers.operation import Call, Refusal, operation
from local.handlers.records import Record


def _workgroup(call: Call) -> WorkGroup:
    found: WorkGroup | None = athena_backends[call.account][call.region].work_groups.get(call.params["WorkGroup"])
    if found is None:
        raise Refusal("InvalidRequestException", f"WorkGroup {call.params['WorkGroup']} is not found.")
    return found


def _catalogs(call: Call) -> dict[str, DataCatalog]:
    known: dict[str, DataCatalog] = athena_backends[call.account][call.region].data_catalogs
    if call.params["Name"] not in known:
        raise Refusal("InvalidRequestException", f"Data catalog {call.params['Name']} was not found")
    return known


@operation("athena", "UpdateWorkGroup")
def update_workgroup(call: Call) -> Record:
    """Change what is given, in the configuration too; the result's own changes come under a name of their own."""
    group = _workgroup(call)
    changes = dict(call.params.get("ConfigurationUpdates", {}))
    results = changes.pop("ResultConfigurationUpdates", {})
    group.description = call.params.get("Description", group.description)
    group.state = call.params.get("State", group.state)
    group.configuration |= changes
    group.configuration["ResultConfiguration"] = group.configuration.get("ResultConfiguration", {}) | results
    return {}


@operation("athena", "UpdateDataCatalog")
def update_catalog(call: Call) -> Record:
    """Replace what the catalogue's name stands for."""
    catalog = _catalogs(call)[call.params["Name"]]
    catalog.type = call.params["Type"]
    catalog.description = call.params.get("Description", catalog.description)
    catalog.parameters = call.params.get("Parameters", catalog.parameters)
    return {}


@operation("athena", "DeleteDataCatalog")
def delete_catalog(call: Call) -> Record:
    """Forget the name; the catalogue it stood for is another account's."""
    _catalogs(call).pop(call.params["Name"])
    return {}


@operation("athena", "DeleteWorkGroup")
def delete_workgroup(call: Call) -> None:
    """A workgroup with saved or past queries goes only with them.

    Source: Athena API Reference, DeleteWorkGroup; the words: aws-samples/coast-grafana-cost-intelligence-dashboards
    issue 9. Read 2026-11-29.
    """
    name = call.params["WorkGroup"]
    athena = athena_backends[call.account][call.region]
    groups = [each.workgroup for each in athena.executions.values()]
    groups += [each.workgroup for each in athena.named_queries.values()]
    held = any(group and group.name == name for group in groups)
    if held and not call.params.get("RecursiveDeleteOption"):
        raise Refusal("InvalidRequestException", f"WorkGroup {name} is not empty")
