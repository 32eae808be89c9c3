"""The service: its paths, and what each answers."""

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import AsyncIterator
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi_offline import FastAPIOffline
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from components.frame_feature_gen.extraction import ExtractionSettings
from components.submission_gen.rows import Row
from components.trainer.model_folder import ModelFolder
from pipeline.serve.answer import Answer, answer
from pipeline.serve.limits import Limits, Places, TooManyRequestsError
from pipeline.serve.metrics import Metrics
from pipeline.serve.page import CONTENT_SECURITY_POLICY, upload_page
from pipeline.serve.raw_features import SCHEMA, parse_features
from pipeline.serve.scorer import VideoScorer
from pipeline.serve.uploads import FIELD, UploadError, read_body, read_video

_RETRY_AFTER_S: Final = 5
_UNSCORED: Final = 422
# Without a close, the server would go on reading an upload that was refused.
_CLOSE: Final = {"Connection": "close"}
_HEADERS: Final = {429: {"Retry-After": str(_RETRY_AFTER_S), **_CLOSE}, 413: _CLOSE, 408: _CLOSE}
# Nobody reads it: the caller is gone. The number is nginx's.
_GONE: Final = 499
_REQUEST_BODY: Final = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": [FIELD],
                "properties": {FIELD: {"type": "string", "format": "binary"}},
            }
        },
        "application/json": {"schema": SCHEMA},
    },
}


def create_app(model: ModelFolder, settings: ExtractionSettings, limits: Limits) -> FastAPI:
    """The service of one model, which is loaded at once.

    Args:
        model: its folder.
        settings: as `extraction_settings` gives them, without a cache: nothing of a caller is kept.
        limits: what callers may ask for.

    Raises:
        UserError: if the model is damaged.
    """
    scorer = VideoScorer(model, settings, limits.at_work)
    places = Places(limits.at_work + limits.waiting)
    metrics = Metrics(lambda: places.taken)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        scorer.pool.shutdown(cancel_futures=True)

    app = FastAPIOffline(
        title="Deepfake video pipeline",
        version=model.version,
        description="Says what one model says of videos. It keeps nothing of what it is sent.",
        lifespan=lifespan,
    )
    page = upload_page(model, limits)

    async def scored(request: Request) -> Row:
        loop = asyncio.get_running_loop()
        if request.headers.get("content-type", "").startswith("application/json"):
            frame_features = parse_features(await read_body(request, limits))
            return await loop.run_in_executor(scorer.pool, scorer.score_features, frame_features)
        video = await read_video(request, limits)
        try:
            return await loop.run_in_executor(scorer.pool, scorer.score_video, video.file, video.filename or FIELD)
        finally:
            await video.close()

    async def answered(request: Request) -> tuple[int, dict[str, Any], str]:
        """The status, the body and the verdict."""
        try:
            with places.one():
                row = await scored(request)
        except TooManyRequestsError:
            return 429, {"error": f"busy; try again in {_RETRY_AFTER_S} s"}, ""
        except UploadError as error:
            return error.status, {"error": str(error)}, ""
        except ClientDisconnect:
            return _GONE, {"error": "the caller is gone"}, ""
        content = dataclasses.asdict(answer(row, model))
        return (_UNSCORED if row.probability is None else 200), content, row.verdict

    @app.post(
        "/score",
        response_model=Answer,
        responses={
            status: {"description": words}
            for status, words in {
                400: "not a form with a video, and not features",
                408: "the upload took too long",
                413: "the upload is too large",
                415: "neither a form nor JSON",
                _UNSCORED: "the video cannot be scored; the body is an Answer with the reason",
                429: "too many requests at a time",
            }.items()
        },
        openapi_extra={"requestBody": _REQUEST_BODY},
    )
    async def score(request: Request) -> Response:
        """Scores a video (form field `video`), or features that were computed elsewhere (JSON)."""
        started = time.monotonic()
        status, content, verdict = await answered(request)
        metrics.answers.labels(str(status), verdict).inc()
        metrics.seconds.observe(time.monotonic() - started)
        return JSONResponse(content, status, _HEADERS.get(status))

    @app.get("/health")
    async def health() -> dict[str, Any]:
        """Answers when the model is loaded."""
        return {"status": "ok", "model": model.version, "model_digest": model.description.model_digest}

    @app.get("/metrics", include_in_schema=False)
    async def exposition() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    @app.get("/", include_in_schema=False)
    async def start() -> HTMLResponse:
        return HTMLResponse(page, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})

    @app.exception_handler(HTTPException)
    async def told(request: Request, error: HTTPException) -> JSONResponse:
        return JSONResponse({"error": f"{request.url.path}: {error.detail}"}, error.status_code)

    return app
