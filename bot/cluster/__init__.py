"""Many machines, the same functions: a clock that says what is due, workers that do it, a database that both trust.

``clock``    of several processes one leads: it reads what is due and writes jobs for it (``leader``, ``rounds``)
``worker``   takes jobs, and calls the function of the pipeline that each is for (``tasks``)
``status``   who is there, what waits, what needs attention

A job is a hint. What is due stands in the tables of sources, outbox and digests, and whoever does a job reads it there:
a job that is lost is written again at the next tick, and one that is done twice finds nothing to do the second time.
"""
