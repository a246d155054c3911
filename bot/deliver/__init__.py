"""Senders: one class per kind of destination, each with ``send``, ``look_up`` and ``aclose``.

A sender tries once and says what became of it (:data:`bot.model.Outcome`); it never retries by itself
and never raises for what the service does wrong. Trying again, holding and looking up are decided by the
outbox. ``slack`` and ``console`` are the senders, ``classify`` the one table of faults, ``fake_slack``
a Slack with faults on demand for tests and for trying things out.
"""
