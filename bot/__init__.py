"""Presswatch watches the press for a desk of analysts.

One item's way: a *source* publishes an *item* (``ingest``), which becomes an *article*; rules are
matched in it (``match``), each match is a *mention* with its evidence; the article opens a *story*
or joins one (``stories``); ``alerts`` decides who hears of it and why, and writes the message;
everything is committed at once (``store``), the message as a row of the *outbox*; ``deliver`` sends
that row and the outbox remembers what became of it. ``pipeline`` holds these steps in their order.
"""

__version__ = "0.1.0"
