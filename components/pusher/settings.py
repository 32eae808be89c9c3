"""Settings of the model card."""

import pydantic

from components.settings import Settings


class CardSettings(Settings):
    """The section `card` of the config: what only people can supply."""

    prose = True

    intended_use: str = pydantic.Field(
        "To help people decide which videos deserve a closer look.", description="what the model is for"
    )
    limits: str = pydantic.Field("", description="what it is not for, beside what holds for all of them")
    license: str = pydantic.Field("", description="of the model, best as an SPDX identifier")
    data_license: str = pydantic.Field("", description="under which the videos may be used")
    contact: str = pydantic.Field("", description="whom to ask")
