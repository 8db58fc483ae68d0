"""What a service tells EventBridge, and EventBridge a topic: moto sends neither events of EMR Serverless nor to SNS.

EventBridge comes to the topic as itself: the topic's policy must let it in for the rule's account, and the key of the
topic must let it encrypt. A message that may not be sent is lost, as on AWS.

Sources, read 2026-11-30: EMR Serverless User Guide, "Automating EMR Serverless with Amazon EventBridge" (the event);
SNS Developer Guide, "Managing Amazon SNS encryption keys and costs".
"""

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from moto.events.models import Rule, events_backends
from moto.sns.models import sns_backends

from checks.access import evaluate, request
from local.authority.held import service_caller
from local.authority.resource_policies import target_of
from local.handlers.dispatch import LOCK

_EVENTS: Final = "events.amazonaws.com"


def install() -> None:
    """Let rules tell topics; once per process."""
    send = Rule.send_to_targets

    def send_to_targets(self: Any, original_event: Any, transform_input: bool = True) -> None:  # noqa: ANN401 - moto's signature
        mine = [each for each in self.targets if ":sns:" in each["Arn"]]
        if mine and self.state == "ENABLED" and self.event_pattern.matches_event(original_event):
            for target in mine:
                _publish(self.arn, str(target["Arn"]), original_event)
        if len(mine) < len(self.targets) or not mine:
            send(self, original_event, transform_input)

    Rule.send_to_targets = send_to_targets  # type: ignore[method-assign] # moto has no other place for it


def tell(account: str, region: str, source: str, detail_type: str, detail: Mapping[str, Any]) -> None:
    """Send an event of a service to the rules of an account's default bus."""
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [],
        "detail": dict(detail),
    }
    with LOCK:
        for rule in list(events_backends[account][region].event_buses["default"].rules.values()):
            rule.send_to_targets(event, transform_input=False)  # type: ignore[arg-type] # as S3's events do in moto


def _publish(rule_arn: str, topic_arn: str, event: Mapping[str, Any]) -> None:
    _, _, _, region, account, _ = topic_arn.split(":")
    topic = sns_backends[account][region].topics.get(topic_arn)
    key = getattr(topic, "kms_master_key_id", None)
    if topic is None or not _lets("sns:Publish", topic_arn, account, rule_arn):
        return
    if key and not all(_lets(f"kms:{what}", key, account, "") for what in ("GenerateDataKey", "Decrypt")):
        return
    topic.publish(json.dumps(event))


def _lets(action: str, resource: str, account: str, rule_arn: str) -> bool:
    """Whether a resource's own policy lets EventBridge come; to a key it comes without saying for whom."""
    source = {"aws:SourceArn": rule_arn, "aws:SourceAccount": rule_arn.split(":")[4]} if rule_arn else {}
    asked = request(_EVENTS, action, resource, resource_account=account, context=source)
    return evaluate(asked, service_caller(_EVENTS), target_of(resource, account)).allowed
