"""What delivery promises, in the words in which docs/design.md says it; a test holds the two together."""

NO_LOSS = (
    "Once an article is committed, every alert it implies ends `sent`, or stands visibly in `pending`, `unknown`, `held`"
    " or `dead`, and of what is held or dead `presswatch doctor` says so."
)
SLACK_ONCE = (
    "In Slack every alert stands in exactly one visible message, provided that the bot may read the channel's history and"
    " that Slack shows an accepted message there within a quarter of an hour; one that it shows later than a minute"
    " (`settle`) may stand there twice until the later copy is removed, or says that it is a duplicate where somebody has"
    " replied to it. Where the history cannot be read, it stands there at least once, and the message says that it may"
    " repeat."
)
MAIL_ONCE = (
    "A digest is mailed with at most one extra copy, byte for byte the same and with the same Message-ID, and only where"
    " the relay's answer to the final dot was lost."
)
WEBHOOK_ONCE = (
    "A webhook gets every alert at least once and always under the same `webhook-id`; it comes again only where no answer"
    " told whether it was taken, and says then that it may repeat (`may_repeat`)."
)
FEED_ONCE = (
    "A feed's file holds each of its newest 100 alerts once, and at any moment it is whole, the old one or the new."
)
POWER = "With `synchronous=FULL` a power cut takes back no commit that was acknowledged; with `NORMAL` it does."
WRITES = (
    "Whichever write to the disk fails, nothing is half-written, one sentence says what is wrong, and the next start goes"
    " on where this one was."
)
TERM = "SIGTERM at any time ends the service within ten seconds, and nothing is lost or doubled by it."
PACE = (
    "However many alerts wait, no channel gets more than 1.05 messages a second, and every alert stands in exactly one"
    " message, in order."
)

PROMISES = (NO_LOSS, SLACK_ONCE, MAIL_ONCE, WEBHOOK_ONCE, FEED_ONCE, POWER, WRITES, TERM, PACE)
# The kinds of cases that hold each of them.
HELD_BY = {
    NO_LOSS: ("point", "random", "outlet", "late", "sigterm", "power"),
    SLACK_ONCE: ("point", "random", "outlet", "late", "sigterm", "power"),
    MAIL_ONCE: ("point", "random", "outlet", "sigterm", "power"),
    WEBHOOK_ONCE: ("outlet",),
    FEED_ONCE: ("outlet",),
    POWER: ("power", "control"),
    WRITES: ("write",),
    TERM: ("sigterm",),
    PACE: ("burst",),
}
