"""What Prometheus reads: few series, none by caller or value, summed over the workers."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter("serving_requests_total", "Requests by route and status", ["route", "status"])
SECONDS = Histogram(
    "serving_request_seconds",
    "Time to answer a request [s]",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
ROWS = Counter("serving_rows_total", "Rows the model answered")
READY = Gauge("serving_model_ready", "1 when every worker has the model in memory", multiprocess_mode="livemin")
TYPE = CONTENT_TYPE_LATEST


def text() -> bytes:
    """The series of all workers in Prometheus's text format."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    found: bytes = generate_latest(registry)
    return found
