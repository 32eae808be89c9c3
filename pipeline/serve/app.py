"""The service's app: its routes and their answers."""

import contextlib
import dataclasses
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from fastapi_offline import FastAPIOffline
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from components.frame_feature_gen.settings import ExtractionSettings
from components.served_model.folder import ModelFolder
from pipeline.serve.answer import Answer, JobAnswer, answer, job_answer
from pipeline.serve.jobs import Job
from pipeline.serve.metrics import JOBS, SCORE, VERDICT, CountAnswers, Metrics
from pipeline.serve.page import CONTENT_SECURITY_POLICY, upload_page
from pipeline.serve.request_queue import RequestQueue, prefers_job
from pipeline.serve.requests.callers import RefuseOtherSites
from pipeline.serve.requests.limits import Limits, TooManyRequestsError
from pipeline.serve.requests.raw_features import features_schema
from pipeline.serve.requests.uploads import FIELD, FORM, JSON, UploadError
from pipeline.serve.responses import AnswerErrors, Json, SafeHeaders, refusal

_RETRY_AFTER_S: Final = 5
_UNSCORED: Final = 422
# Nobody reads it, since the caller is gone; nginx's status for this.
_GONE: Final = 499
# Otherwise the server would go on reading an upload that was refused.
_CLOSE: Final = {"Connection": "close"}
_FORM_SCHEMA: Final = {
    "type": "object",
    "required": [FIELD],
    "properties": {FIELD: {"type": "string", "format": "binary"}},
}
_NO_JOB: Final = "no such job, or not any more"
_STATUSES: Final = {
    202: "the video is long, or `Prefer: respond-async` was sent: a job that `Location` names; the body is a JobAnswer",
    400: "not a form with a video, not features, or not a name of this service",
    403: "sent by the page of another site",
    408: "the upload took too long",
    413: "the upload is too large",
    415: "neither a form nor JSON",
    _UNSCORED: "the video cannot be scored; the body is an Answer with the reason",
    429: "too many requests, or bytes of theirs, at a time",
    500: "an unexpected error, which the log tells",
}


def create_app(
    model: ModelFolder, settings: ExtractionSettings, limits: Limits, *, allowed_hosts: Sequence[str] = ()
) -> FastAPI:
    """Creates the service for one model, which is loaded immediately.

    Args:
        model: the model's folder.
        settings: as returned by `extraction_settings`, without a cache, since nothing that callers send is kept.
        limits: limits on what callers may send.
        allowed_hosts: accepted values of the header `Host` (names, `*.DOMAIN` or `*`), besides the local names and the
            address at which a request arrives.

    Raises:
        UserError: if the model is damaged.
    """
    # Imported late: what is wrong with the arguments is told before TensorFlow is loaded.
    from pipeline.serve.video_scorer import VideoScorer

    scorer = VideoScorer(model, settings, limits.at_work)
    queue = RequestQueue(scorer, limits)
    metrics = Metrics(queue.requests, queue.held_bytes, queue.jobs.count)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await queue.jobs.close()
        scorer.close()

    app = FastAPIOffline(
        title="Deepfake video pipeline",
        version=model.version,
        description="Says what one model says of videos. It keeps nothing of what it is sent.",
        lifespan=lifespan,
        # ReDoc loads an image from the internet.
        redoc_url=None,
    )
    # The last one added is the outermost.
    app.add_middleware(RefuseOtherSites, allowed_hosts=allowed_hosts)
    app.add_middleware(AnswerErrors)
    app.add_middleware(CountAnswers, metrics=metrics)
    app.add_middleware(SafeHeaders)
    page = upload_page(model, limits)
    contents = {FORM: {"schema": _FORM_SCHEMA}, JSON: {"schema": features_schema(*scorer.shape)}}

    @app.post(
        SCORE,
        response_model=Answer,
        responses={status: {"description": words} for status, words in _STATUSES.items()},
        openapi_extra={"requestBody": {"required": True, "content": contents}},
    )
    async def score(request: Request) -> Response:
        """Scores a video (form field `video`), or features that were computed elsewhere (JSON)."""
        try:
            row = await queue.score(request)
        except TooManyRequestsError:
            headers = {"Retry-After": str(_RETRY_AFTER_S), **_CLOSE}
            return refusal(429, f"busy; try again in {_RETRY_AFTER_S} s", headers)
        except UploadError as error:
            return refusal(error.status, str(error), _CLOSE)
        except ClientDisconnect:
            return refusal(_GONE, "the caller is gone")
        if isinstance(row, Job):
            applied = {"Preference-Applied": "respond-async"} if prefers_job(request) else {}
            headers = {"Location": f"{JOBS}/{row.id}", **applied}
            return Json(dataclasses.asdict(job_answer(row, model)), 202, headers)
        setattr(request.state, VERDICT, row.verdict)
        return Json(dataclasses.asdict(answer(row, model)), _UNSCORED if row.probability is None else 200)

    @app.get(f"{JOBS}/{{job_id}}", response_model=JobAnswer, responses={404: {"description": _NO_JOB}})
    async def job(job_id: str) -> Response:
        """Tells how far a job is, and at its end what the model says of its video."""
        found = queue.jobs.find(job_id)
        return Json(dataclasses.asdict(job_answer(found, model))) if found else refusal(404, _NO_JOB)

    @app.delete(f"{JOBS}/{{job_id}}", status_code=204, responses={404: {"description": _NO_JOB}})
    async def end_job(job_id: str) -> Response:
        """Ends a job, whatever it is doing, and forgets it."""
        return Response(status_code=204) if await queue.jobs.end(job_id) else refusal(404, _NO_JOB)

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
    async def told(request: Request, error: HTTPException) -> Json:
        headers = {**(error.headers or {}), **_CLOSE}
        return refusal(error.status_code, f"{quote(request.url.path)}: {error.detail}", headers)

    return app
