"""SageMaker's serving contract: GET /ping, POST /invocations.

Source: SageMaker Developer Guide, "Custom Inference Code with Hosting Services", read 2026-11-29: answers to /ping
within 2 seconds, to /invocations within 60; a batch transform asks /execution-parameters too.
"""

import os
from typing import Any

import uvicorn
from sklearn.pipeline import Pipeline
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from churn.errors import RefusedError
from churn.model import load
from churn.place import base
from churn.rows import MOST, parse

LARGEST = 6 * 1024 * 1024
"""Body of a request [bytes]: a batch transform's MaxPayloadInMB that /execution-parameters names."""


def app(model: Pipeline) -> Starlette:
    """Return the web server of *model*."""

    async def ping(_: Request) -> Response:
        return Response(status_code=200)

    async def parameters(_: Request) -> Response:
        return JSONResponse(
            {"MaxConcurrentTransforms": 1, "BatchStrategy": "SINGLE_RECORD", "MaxPayloadInMB": LARGEST >> 20}
        )

    async def invocations(request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                return _refused(413, "REQUEST_LIMIT_EXCEEDED", f"send at most {LARGEST} bytes or {MOST} rows")
        try:
            answer = await run_in_threadpool(_predict, model, body, request.headers.get("content-type", ""))
        except RefusedError as refused:
            return _refused(400, "BAD_REQUEST", str(refused))
        return JSONResponse(answer)

    return Starlette(
        routes=[
            Route("/ping", ping),
            Route("/execution-parameters", parameters),
            Route("/invocations", invocations, methods=["POST"]),
        ]
    )


def serve() -> None:
    """Answer until the container is stopped."""
    model, _ = load(base() / "model")
    port = int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))
    # SageMaker calls the container from outside; where no container is around it, nobody outside this machine may.
    host = "127.0.0.1" if "SAGEMAKER_BASE_DIR" in os.environ else "0.0.0.0"  # noqa: S104 - a container's own network
    uvicorn.run(app(model), host=host, port=port, access_log=False, log_level="warning")


def _predict(model: Pipeline, body: bytes, content_type: str) -> dict[str, Any]:
    return {"predictions": model.predict_proba(parse(body, content_type))[:, 1].tolist()}


def _refused(status: int, code: str, why: str) -> Response:
    return JSONResponse({"error_code": code, "message": why}, status)
