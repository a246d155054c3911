"""Pictures of web pages by a headless Chromium, made small, each with a note of the page it shows."""

import hashlib
import re
import shutil
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=2",
)
SIGNATURE = b"\x89PNG\r\n\x1a\n"
NOTE = b"Page"  # the keyword of the text chunk that holds the page's fingerprint
COLOURS = "64"
MEASURE = """<script>
document.documentElement.dataset.height = Math.ceil(document.documentElement.getBoundingClientRect().height)
</script>"""


class Missing(Exception):
    """A tool that is needed is not installed; the message says which and how to get it."""


def tool(*names: str) -> str:
    """The first of these programs that is there. Raises Missing."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise Missing(f"{names[0]} is not installed. On Debian or Ubuntu: sudo apt install {names[0]}")
    return found


def fingerprint(html: str) -> str:
    """What a picture notes of the page it was made of."""
    return hashlib.sha256(html.encode()).hexdigest()[:32]


def picture(html: str, target: Path, width: int) -> None:
    """Write ``target``, a PNG of the page at ``width`` pixels of CSS, as high as the page is."""
    measured = browse(html + MEASURE, "--dump-dom", f"--window-size={width},600")
    height = int(re.findall(r'data-height="(\d+)', measured)[0])
    browse(html, f"--screenshot={target}", f"--window-size={width},{height}")
    quantised = [tool("pngquant"), "--force", "--speed", "1", "--output", str(target), COLOURS, str(target)]
    subprocess.run(quantised, check=True)
    target.write_bytes(noted(target.read_bytes(), fingerprint(html)))


def browse(html: str, *wishes: str) -> str:
    """Show a page; what the browser prints. ``wishes`` are further flags."""
    with tempfile.TemporaryDirectory() as name:
        page = Path(name) / "page.html"
        page.write_text(html, encoding="utf-8")
        command = [tool(*CHROMIUM), *FLAGS, f"--user-data-dir={name}/profile", *wishes, page.as_uri()]
        done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8", timeout=120)
    return done.stdout


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a PNG: kind and content (https://www.w3.org/TR/png-3/#5Chunk-layout)."""
    assert png.startswith(SIGNATURE)
    found, place = [], len(SIGNATURE)
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        found.append((png[place + 4 : place + 8], png[place + 8 : place + 8 + size]))
        place += size + 12
    return found


def noted(png: bytes, note: str) -> bytes:
    """The same picture with ``note`` in it."""
    head, *rest = chunks(png)
    text = (b"tEXt", NOTE + b"\0" + note.encode())
    return SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (head, text, *rest)
    )


def note(png: bytes) -> str:
    """The fingerprint of the page that the picture shows; empty if it holds none."""
    texts = (data.split(b"\0", 1) for kind, data in chunks(png) if kind == b"tEXt")
    return next((text.decode() for keyword, text in texts if keyword == NOTE), "")


def size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    return struct.unpack(">II", chunks(png)[0][1][:8])
