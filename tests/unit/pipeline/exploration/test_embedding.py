import base64
import html.parser
import re
from xml.etree import ElementTree

from markupsafe import Markup

from components.report_gen.figures import families_figure, roc_figure
from pipeline.exploration.embedding import figures_html, gif_html, page_html

SVG = "{http://www.w3.org/2000/svg}"


class Tags(html.parser.HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.found if found == tag]


def figures() -> dict[str, Markup]:
    return {"ROC <curve>": roc_figure({"": [(0.0, 0.0), (1.0, 1.0)]}), "Families": families_figure({1: 2, 3: 4})}


def test_charts_are_files_of_their_own_with_their_style_within():
    images = Tags(figures_html(figures())).named("img")
    assert [image["alt"] for image in images] == ["ROC <curve>", "Families"]
    for image in images:
        root = ElementTree.fromstring(base64.b64decode(image["src"].removeprefix("data:image/svg+xml;base64,")))
        assert root.tag == f"{SVG}svg"
        style = root.findtext(f"{SVG}style")
        used = {name for element in root.iter() for name in element.get("class", "").split()} - {"first"}
        assert used
        assert [name for name in used if not re.search(rf"\.{name}\b", style)] == []
        assert set(re.findall(r"var\((--[\w-]+)\)", style)) <= set(re.findall(r"(--[\w-]+):", style))


def test_notebook_keeps_its_own_style():
    tags = {tag for tag, _ in Tags(figures_html(figures(), "a <note>")).found}
    assert tags == {"p", "div", "figure", "img", "figcaption"}
    assert "a &lt;note&gt;" in figures_html(figures(), "a <note>")


def test_page_is_in_its_frame_as_it_is():
    page = '<!DOCTYPE html>\n<html lang="en"><p title=\'a "b" & c\'>&lt;d&gt;</p></html>'
    tags = Tags(page_html(page, height=300))
    assert [tag for tag, _ in tags.found] == ["div", "iframe"]
    assert tags.named("iframe")[0]["srcdoc"] == page


def test_gif_is_within_the_page(tmp_path):
    path = tmp_path / "clip.gif"
    path.write_bytes(b"GIF89a")
    (image,) = Tags(gif_html(str(path))).named("img")
    assert base64.b64decode(image["src"].removeprefix("data:image/gif;base64,")) == b"GIF89a"
