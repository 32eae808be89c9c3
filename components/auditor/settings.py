"""Settings of the audits."""

import pydantic

from components.auditor.names import AUDITS
from components.settings import Settings


class AuditSettings(Settings):
    """The section `audits` of the config."""

    names: tuple[str, ...] = pydantic.Field((), description=f"of {', '.join(AUDITS)}; none if empty")
    unseen_by: str = pydantic.Field(
        "", pattern=r"^(meta/.+)?$", description="meta/<column> whose kinds of fakes the audit unseen holds out in turn"
    )
    sources_by: str = pydantic.Field(
        "", pattern=r"^(folder|meta/.+)?$", description="folder or meta/<column> whose sources it holds out in turn"
    )
    max_videos: int = pydantic.Field(
        4000, ge=1, description="of more, whole groups are drawn; a thousand take 330 MB of memory"
    )

    robustness_videos: int = pydantic.Field(
        200, ge=1, description="of more videos of the test split, the audit robustness draws whole groups"
    )

    @pydantic.model_validator(mode="after")
    def _unseen_by_something(self) -> "AuditSettings":
        if "unseen" in self.names and not (self.unseen_by or self.sources_by):
            raise ValueError("the audit unseen needs unseen_by, a column such as meta/family, or sources_by")
        return self

    @pydantic.field_validator("names")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in AUDITS:
                raise ValueError(f"{name} is no audit; allowed are {', '.join(AUDITS)}")
        return names
