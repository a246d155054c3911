"""From a mention to a message: who is told (``decide``, ``routes``), what they read (``content``, ``compose``).

Pure: values in, values out. ``decide`` gives a named reason for every "no" as well; ``compose`` freezes
a message for one kind of destination, within its limits and with everything from outside made harmless.
"""
