"""IAM Access Analyzer: analyzers, which moto lacks."""

from collections.abc import Mapping
from typing import Any

from local.handlers.operation import Call, operation
from local.handlers.records import Kind, Record
from local.handlers.tags import tags_of


def new_analyzer(call: Call) -> Record:
    """What AWS adds to an analyzer."""
    name = call.params["analyzerName"]
    arn = f"arn:aws:access-analyzer:{call.region}:{call.account}:analyzer/{name}"
    return {"name": name, "arn": arn, "status": "ACTIVE"}


class AnalyzerKind(Kind):
    """Get wraps the record into a member, with its tags."""

    def _describe(self, call: Call) -> Record:
        return {"analyzer": self._complete(self.find(call))}

    def _list(self, call: Call) -> Record:
        analyzers = self.store(call.account, call.region).values()
        return {"analyzers": [self._complete(analyzer) for analyzer in analyzers]}

    def _complete(self, analyzer: Record) -> Record:
        return {
            **analyzer,
            "createdAt": analyzer["CreationTime"],
            "tags": dict(tags_of(self.service, analyzer["arn"])),
        }


AnalyzerKind(
    service="accessanalyzer",
    noun="Analyzer",
    keys=("analyzerName",),
    arn="arn",
    added=new_analyzer,
    verbs={"Describe": "Get"},
    exists="ConflictException",
    listed="analyzers",
)


@operation("accessanalyzer", "ListTagsForResource", "TagResource", "UntagResource")
def tags(call: Call) -> Mapping[str, Any]:
    """Tags of an analyzer."""
    kept = tags_of("accessanalyzer", call.params["resourceArn"])
    kept.update(call.params.get("tags"))
    kept.drop(call.params.get("tagKeys", []))
    return {"tags": dict(kept)}
