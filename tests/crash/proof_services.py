"""A Slack and a mail relay that misbehave by plan, and the dice that make the plan."""

import random
import time

from relay import STEPS, FaultyRelay

from bot.deliver.fake_slack import FakeSlack, answer, error, hang, limited, not_json, reset
from bot.deliver.fake_workspace import EPOCH
from bot.deliver.slack_history import DUPLICATE, uid_of

# Slack shows what it has accepted after so many seconds, within the driver's SETTLE.
SHOWN_AFTER = 0.25


def dice_of(name):
    """The dice of a case, the same each time."""
    return random.Random(name)


class ShySlack(FakeSlack):
    """Shows a hidden message a moment after it was accepted, and knows when each was."""

    def __init__(self):
        self.posted, self.due = [], []
        # Where messages show only after they were posted again: the dice that say when.
        self.late = None
        self.taken_back = 0
        super().__init__(clock=self._stamp)
        for number, name in ((1, "alerts"), (2, "ops")):
            channel = f"C000000{number}"
            self.workspace.channels[channel] = type(self.channels[0])(id=channel, name=name)

    def _stamp(self):
        self.posted.append(time.monotonic())
        return EPOCH + len(self.posted)

    async def _handle(self, request):
        now, method = time.monotonic(), request.match_info["method"]
        if method == "chat.postMessage" and self.late is None:
            self.due.append(now + SHOWN_AFTER)
        elif any(due <= now for due in self.due):
            self.due = [due for due in self.due if due > now]
            self.reveal()
            self.land()
        response = await super()._handle(request)
        if self.late is not None:
            self._show_late(method)
        return response

    def _show_late(self, method):
        """What was posted again shows a moment after that; under some of the later copies somebody has replied by then."""
        self.taken_back += method == "chat.delete" or uid_of(self.calls[-1].args, DUPLICATE) is not None
        uid = uid_of(self.calls[-1].args) if method == "chat.postMessage" else None
        same = [each for each in self.workspace.messages if uid and uid_of(each.data) == uid]
        late = sum(each.hidden for each in same) + sum(uid_of(call.args) == uid for call in self.under_way)
        visible = [each for each in same if not each.hidden]
        if not (visible and late):
            return
        self.due.append(time.monotonic() + self.late.uniform(0.0, SHOWN_AFTER))
        if self.late.random() < 0.3:
            self.workspace.say(visible[-1].channel, "Really?")
            self.workspace.messages[-1].thread = visible[-1].ts

    @property
    def blind(self):
        """Whether the bot may not read its channels' history, so that what is in doubt is sent again, marked."""
        return "channels:history" not in self.scopes

    def forget_after(self, moment):
        """As if everything that was accepted later had never come."""
        kept = sum(at <= moment for at in self.posted)
        del self.posted[kept:]
        last = EPOCH + kept
        self.workspace.messages[:] = [each for each in self.workspace.messages if float(each.ts) < last + 1]


class Letters(list):
    """Letters with the moment at which each came."""

    def __init__(self):
        super().__init__()
        self.at = []

    def append(self, letter):
        self.at.append(time.monotonic())
        super().append(letter)


def faulty_slack(slack, dice):
    """Plan what goes wrong in this case; most calls go well."""
    unsure = (
        lambda stored: reset(stored=stored, hidden=stored and dice.random() < 0.5),
        lambda stored: hang(stored=stored, hidden=stored and dice.random() < 0.5),
        lambda stored: answer(dice.choice((500, 502, 503, 504)), "<html>", stored=stored),
        lambda stored: not_json(stored=stored),
        lambda stored: error(dice.choice(("internal_error", "fatal_error", "nobody_knows_this")), stored=stored),
    )
    sure = (
        lambda: limited(1),
        lambda: error("invalid_blocks"),
        lambda: error("invalid_auth"),
        lambda: error("msg_too_long"),
    )
    for method, most in (("chat.postMessage", 2), ("conversations.history", 1)):
        for _ in range(dice.randint(0, most)):
            writes = method == "chat.postMessage"
            if writes and dice.random() < 0.2:
                fault = dice.choice(sure)()
            else:
                fault = dice.choice(unsure)(writes and dice.random() < 0.6)
            slack.fail(method, fault, after=dice.randint(0, 2))
    if dice.random() < 0.1:
        slack.scopes = slack.workspace.scopes = slack.scopes - {"channels:history"}


def late_slack(slack, dice):
    """Messages that show only after they were posted again, and trouble on the way to take one of the two back."""
    slack.late = dice
    faults = (reset(late=True), reset(stored=True, hidden=True), hang(stored=True, hidden=True))
    for number in range(dice.randint(1, 2)):
        slack.fail("chat.postMessage", dice.choice(faults), after=number * dice.randint(0, 3))
    trouble = (limited(1), reset(), reset(stored=True), error("internal_error"), error("cant_delete_message"))
    for method in ("chat.delete", "conversations.history", "auth.test"):
        if dice.random() < 0.3:
            fault = dice.choice(trouble if method == "chat.delete" else (reset(), error("internal_error")))
            slack.fail(method, fault, after=dice.randint(0, 1))


def faulty_relay(dice):
    """A relay that fails at one step, once or twice; every other one is in good order."""
    if dice.random() < 0.5:
        return FaultyRelay()
    how = dice.choice(("451 later", "551 no", "what?", "hang", "close"))
    return FaultyRelay(at=dice.choice(STEPS), how=how, times=dice.choice((1, 1, 2)))
