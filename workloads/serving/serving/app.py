"""The REST service: two probes, one question, and its own figures.

| route | answers |
|---|---|
| GET /healthz | 200 as long as the process answers |
| GET /readyz | 200 when the model is in memory, else 503 |
| POST /v1/predict | `{"predictions": [...]}`; `{"error_code": ..., "message": ...}` with 400, 413 or 503 |
| GET /metrics | Prometheus text |
"""

import json
import logging
import os
import re
import time
import uuid
from collections.abc import Mapping

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from serving import metrics
from serving.contract import RefusedError
from serving.model import Model, NotReadyError
from serving.settings import Settings

log = logging.getLogger(__name__)
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
QUIET = {"healthz", "readyz", "figures"}
"""Endpoints that are asked every few seconds: they are counted, not logged, unless they fail."""


def create_app(settings: Settings | None = None, model: Model | None = None) -> Flask:
    """The service of one worker; it loads its model in the background."""
    settings = settings or Settings.of(os.environ)
    if model is None:
        model = Model(settings.model_dir)
        model.start()
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes + 1
    _routes(app, settings, model)
    _around(app)
    _errors(app, settings)
    return app


def _routes(app: Flask, settings: Settings, model: Model) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return answer({"status": "live"})

    @app.get("/readyz")
    def readyz() -> Response:
        return answer({"status": "ready", **model.facts()})

    @app.post("/v1/predict")
    def predict() -> Response:
        contract = model.contract
        body = request.get_data(cache=False)
        if len(body) > settings.max_body_bytes:  # werkzeug cuts a body that came without its length off
            raise RequestEntityTooLarge
        rows = contract.parse(body, request.content_type or "", most=settings.max_rows)
        predictions = model.predict(rows)
        g.rows = len(rows)
        metrics.ROWS.inc(g.rows)
        return answer({"predictions": predictions})

    @app.get("/metrics")
    def figures() -> Response:
        return Response(metrics.text(), content_type=metrics.TYPE)


def _around(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex

    @app.after_request
    def end(response: Response) -> Response:
        seconds = time.perf_counter() - g.began
        route = request.url_rule.rule if request.url_rule else "none"
        metrics.REQUESTS.labels(route, response.status_code).inc()
        metrics.SECONDS.labels(route).observe(seconds)
        response.headers["X-Request-Id"] = g.request_id
        if request.endpoint not in QUIET or response.status_code >= 500:
            facts = {"method": request.method, "route": route, "status": response.status_code}
            facts |= {"ms": round(1000 * seconds, 2), "rows": g.get("rows", 0), "request_id": g.request_id}
            log.info("answered", extra={"facts": facts})  # never an error's message: it repeats what the caller sent
        return response


def _errors(app: Flask, settings: Settings) -> None:
    @app.errorhandler(RefusedError)
    def refused(error: RefusedError) -> Response:
        return answer({"error_code": "BAD_REQUEST", "message": str(error)}, 400)

    @app.errorhandler(NotReadyError)
    def not_ready(error: NotReadyError) -> Response:
        response = answer({"error_code": "TEMPORARILY_UNAVAILABLE", "message": str(error)}, 503)
        response.headers["Retry-After"] = "5"
        return response

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(_: RequestEntityTooLarge) -> Response:
        message = f"send at most {settings.max_body_bytes} bytes or {settings.max_rows} rows"
        return answer({"error_code": "REQUEST_LIMIT_EXCEEDED", "message": message}, 413)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        body = {"error_code": error.name.upper().replace(" ", "_"), "message": error.name}
        response = answer(body, error.code or 500)
        response.headers.extend(header for header in error.get_headers() if header[0] == "Allow")
        return response

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        log.error("the model failed", exc_info=error, extra={"facts": {"request_id": g.request_id}})
        return answer({"error_code": "INTERNAL_ERROR", "message": f"request {g.request_id} failed"}, 500)


def answer(body: Mapping[str, object], status: int = 200) -> Response:
    """A JSON answer; what JSON has no word for (NaN) is the model's failure and not an answer."""
    return Response(json.dumps(body, allow_nan=False) + "\n", status, content_type="application/json")
