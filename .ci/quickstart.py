"""Print the README's Quick start commands, one a line, exactly as a newcomer would copy them."""

import re
import sys
from pathlib import Path


def commands(text: str) -> list[str]:
    """The ``sh`` blocks under the heading "Quick start", each joined to one line."""
    _, *rest = re.split(r"^#+ Quick start$", text, maxsplit=1, flags=re.MULTILINE)
    part = re.split(r"^#+ ", rest[0], maxsplit=1, flags=re.MULTILINE)[0] if rest else ""
    blocks = re.findall(r"^```sh\n(.*?)^```", part, flags=re.DOTALL | re.MULTILINE)
    return [" ".join(line.strip().removesuffix("\\").strip() for line in block.splitlines()) for block in blocks]


if __name__ == "__main__":
    print("\n".join(commands(Path(sys.argv[1]).read_text("utf-8"))))
