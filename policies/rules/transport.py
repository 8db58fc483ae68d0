"""TLS only: policies of topics and queues that refuse what comes without it."""

from collections.abc import Iterator
from typing import Any

from policies.rules._documents import conditions, covers, document, key_of, principals, statements, texts
from policies.rules.plain import Reader, is_set
from policies.rules.registry import rule


def denies_plain_transport(policy: Any, action: str) -> bool:
    """Whether *policy* denies *action* to everyone who comes without TLS, whatever else holds."""
    return any(
        key_of(each, "Effect") == "Deny"
        and "*" in principals(each, "AWS")
        and any(covers(pattern, action) for pattern in texts(each, "Action"))
        and [_means_plain(*condition) for condition in conditions(each)] == [True]
        for each in statements(policy)
    )


def _means_plain(operator: str, key: str, values: list[Any]) -> bool:
    said = operator.lower() in {"bool", "boolifexists"} and key == "aws:securetransport"
    return said and "false" in [str(value).lower() for value in values]


def _needs_tls(r: Reader, action: str) -> Iterator[str]:
    policy = document(r, "policy")
    # A topic or queue without a policy of its own may have it as a resource beside it, and that is judged there.
    if is_set(policy) and not denies_plain_transport(policy, action) and not r.waits_for:
        yield f"policy does not deny {action} without TLS"


@rule("sns-ssl-only", "deny sns:Publish to everyone when aws:SecureTransport is false")
def topic_over_tls(r: Reader) -> Iterator[str]:
    """SNS answers on HTTP as well."""
    yield from _needs_tls(r, "sns:Publish")


@rule("sqs-ssl-only", "deny sqs:* to everyone when aws:SecureTransport is false")
def queue_over_tls(r: Reader) -> Iterator[str]:
    """SQS answers on HTTP as well."""
    yield from _needs_tls(r, "sqs:SendMessage")
