"""The layouts, by the names that the user types."""

from typing import Final

from pipeline.indexing.layout import Layout
from pipeline.indexing.layouts.celeb_df import CELEB_DF
from pipeline.indexing.layouts.dfdc import DFDC
from pipeline.indexing.layouts.faceforensics import FACEFORENSICS
from pipeline.indexing.layouts.fakeavceleb import FAKEAVCELEB
from pipeline.indexing.layouts.folders import FOLDERS
from pipeline.indexing.layouts.table import TABLE

LAYOUTS: Final[dict[str, Layout]] = {
    layout.name: layout for layout in (DFDC, FACEFORENSICS, CELEB_DF, FAKEAVCELEB, FOLDERS, TABLE)
}
