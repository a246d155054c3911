"""Caps on what one source may bring, far above what real ones do."""

MAX_ITEMS = 20_000  # the largest real feeds hold a few thousand
MAX_BODY = 10_000_000  # bytes of a feed; the door has the same cap for what it fetches
MAX_PAGE = 3_000_000  # bytes of a web page in which feeds are looked for; the door has the same cap for articles' pages
MAX_ROBOTS = 512_000  # bytes of robots.txt; RFC 9309 §2.5 asks for 500 KiB at least
MAX_FILE = 3_000_000  # bytes of one text file
MAX_XML_DEPTH = 250  # elements open at once; feeds with whole pages in them stay below 100
MAX_TITLE = 1_000  # characters of an article's title
MAX_TEXT = 1_000_000  # characters of an article's text: longer than any law
MAX_KEY = 500  # characters of an item's key; longer ones are replaced by their hash
