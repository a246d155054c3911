"""How a digest's page looks in a browser, and whether that is how it should look.

A picture is compared block by block: the blocks must be the same in the same order, each as wide and at the same place
from the left, and, averaged over cells, of the same colours. Where another version of a font breaks a line elsewhere,
a few blocks may be a line higher or lower; a block that is gone, a broken column or the wrong colours are noticed.

python tests/alerts/digest_pictures.py        draws the pictures that are kept anew: look at them before they are kept
"""

import base64
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).resolve().parent / "pictures"
# The fonts of this machine are whatever they are; the pictures are drawn with one that .ci/run installs.
FONT = "Noto Sans"
DARK = "--blink-settings=preferredColorScheme=0"
BLOCKS = ".head, .brief, .late, .part, h3, .story, .item, .row, .more, .foot"
# Pixels by which places and widths may differ, and a line's height; the share of blocks that may be a line off.
PLACE, LINE, SHARE = 2, 30, 0.1
# Of 255: how far a block's cells may differ in the mean, and any of them.
MEAN, CELL = 10, 70
MEASURE = """<script>
const dark = matchMedia("(prefers-color-scheme: dark)").matches
onload = () => {
  const page = frame.contentDocument
  const box = (one) => {
    const { x, y, width, height } = one.getBoundingClientRect()
    const label = one.className + " " + one.textContent.trim().replace(/\\s+/g, " ").slice(0, 40)
    return [label, ...[x, y, width, height].map(Math.round)]
  }
  const links = [...page.querySelectorAll("a")].map((one) => one.getBoundingClientRect().height)
  document.documentElement.dataset.measured = JSON.stringify({
    width: page.documentElement.scrollWidth,
    height: page.body.scrollHeight,
    links,
    blocks: [...page.querySelectorAll("BLOCKS")].map(box),
  })
}
</script>""".replace("BLOCKS", BLOCKS)
COMPARE = """<img id="one" src="ONE"><img id="two" src="TWO"><script>
const COLUMNS = 12, ROW = 16
const pixels = (image) => {
  const canvas = document.createElement("canvas")
  canvas.width = image.naturalWidth
  canvas.height = image.naturalHeight
  const pen = canvas.getContext("2d")
  pen.drawImage(image, 0, 0)
  return { width: canvas.width, height: canvas.height, data: pen.getImageData(0, 0, canvas.width, canvas.height).data }
}
const cell = (picture, left, top, right, bottom) => {
  const sum = [0, 0, 0]
  let count = 0
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(picture.height, Math.ceil(bottom)); y++)
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(picture.width, Math.ceil(right)); x++, count++)
      for (let band = 0; band < 3; band++) sum[band] += picture.data[4 * (y * picture.width + x) + band]
  return sum.map((one) => one / Math.max(1, count))
}
const cells = (picture, [, x, y, width, height], rows) =>
  Array.from({ length: COLUMNS * rows }, (_, n) => [n % COLUMNS, Math.floor(n / COLUMNS)]).map(([column, row]) =>
    cell(picture, x + (column * width) / COLUMNS, y + (row * height) / rows,
         x + ((column + 1) * width) / COLUMNS, y + ((row + 1) * height) / rows))
onload = () => {
  const [first, second] = [pixels(one), pixels(two)]
  const found = BLOCKS.map(([before, after]) => {
    const rows = Math.max(1, Math.round(before[4] / ROW))
    const [was, is] = [cells(first, before, rows), cells(second, after, rows)]
    const far = was.map((colour, n) => Math.max(...colour.map((band, k) => Math.abs(band - is[n][k]))))
    return [far.reduce((sum, one) => sum + one, 0) / far.length, Math.max(...far)]
  })
  document.documentElement.dataset.measured = JSON.stringify(found)
}
</script>"""


def _browser():
    spec = importlib.util.spec_from_file_location("browser", ROOT / "docs" / "images" / "browser.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


browser = _browser()


@dataclass(frozen=True)
class View:
    """What a page is shown on: so many pixels of CSS, light or dark."""

    name: str
    width: int
    dark: bool = False


VIEWS = (View("phone", 390), View("desktop", 800), View("dark", 390, dark=True))


def pinned(page):
    """The page in the font of the pictures."""
    return page.replace("-apple-system, BlinkMacSystemFont", f"{FONT}, -apple-system")


def measure(page, view):
    """Where the blocks of the page are, how high its links are, and how wide and high it is itself."""
    frame = f'<iframe id="frame" style="border:0;width:{view.width}px;height:600px" srcdoc="{escape(page)}"></iframe>'
    shown = browser.browse(frame + MEASURE, "--dump-dom", "--window-size=1000,700", *([DARK] if view.dark else []))
    return json.loads(unescape(re.search(r'data-measured="([^"]*)"', shown)[1]))


def draw(page, view, height, target):
    """Write a PNG of the page, a pixel for each of CSS."""
    flags = ("--force-device-scale-factor=1", f"--window-size={view.width},{height}", *([DARK] if view.dark else []))
    browser.browse(page, f"--screenshot={target}", *flags)


def differences(page, view):
    """What of the page does not look as in the picture that is kept; nothing if it does."""
    page = pinned(page)
    found, kept = measure(page, view), json.loads((KEPT / f"{view.name}.json").read_text("utf-8"))
    before, after = kept["blocks"], found["blocks"]
    if [label for label, *_ in before] != [label for label, *_ in after]:
        had, has = ([label for label, *_ in blocks] for blocks in (before, after))
        return [f"gone: {label}" for label in had if label not in has] + [
            f"come: {label}" for label in has if label not in had
        ]
    moved = [
        f"{one[0]}: is at {two[1]}, {two[3]} wide, was at {one[1]}, {one[3]} wide"
        for one, two in zip(before, after, strict=True)
        if abs(one[1] - two[1]) > PLACE or abs(one[3] - two[3]) > PLACE
    ]
    heights = [(one[0], one[4], two[4]) for one, two in zip(before, after, strict=True) if abs(one[4] - two[4]) > PLACE]
    wrong = [each for each in heights if abs(each[1] - each[2]) > LINE]
    if len(heights) > SHARE * len(before):
        wrong = heights
    moved += [f"{label}: is {now} high, was {was}" for label, was, now in wrong]
    return moved or _recoloured(page, view, found["height"], list(zip(before, after, strict=True)))


def _recoloured(page, view, height, blocks):
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / "now.png"
        draw(page, view, height, drawn)
        sources = [base64.b64encode(path.read_bytes()).decode() for path in (KEPT / f"{view.name}.png", drawn)]
    script = COMPARE.replace("BLOCKS", json.dumps(blocks))
    for place, source in zip(("ONE", "TWO"), sources, strict=True):
        script = script.replace(f'src="{place}"', f'src="data:image/png;base64,{source}"')
    shown = browser.browse(script, "--dump-dom")
    found = json.loads(unescape(re.search(r'data-measured="([^"]*)"', shown)[1]))
    return [
        f"{block[0][0]}: its colours are {mean:.0f} off in the mean, {most:.0f} at most"
        for block, (mean, most) in zip(blocks, found, strict=True)
        if mean > MEAN or most > CELL
    ]


def keep(page):
    """Draw the pictures that are kept of ``page``."""
    KEPT.mkdir(exist_ok=True)
    for view in VIEWS:
        found, target = measure(pinned(page), view), KEPT / f"{view.name}.png"
        draw(pinned(page), view, found["height"], target)
        quantised = [browser.tool("pngquant"), "--force", "--speed", "1", "--output", str(target), "64", str(target)]
        subprocess.run(quantised, check=True)
        blocks = ",\n".join(json.dumps(block, ensure_ascii=False) for block in found["blocks"])
        (KEPT / f"{view.name}.json").write_text(f'{{"blocks": [\n{blocks}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    import digest_days

    keep(digest_days.page())
