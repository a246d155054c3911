"""``python -m bot`` is ``presswatch``."""

from .cli import main

if __name__ == "__main__":
    main()
