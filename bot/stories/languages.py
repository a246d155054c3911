"""Words of other languages than English that say nothing of an event, and which language a text is in.

A word that is empty in one language is full in another ("die", "war", "sur", "son"), so a list is used only for a text
whose language it is: that of which it has the most different function words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_ENGLISH = _set(
    "the of and to in a is that for on with as by at from its it was are be has have an this which their not"
)
# Folded, without accents: as words are compared.
_EMPTY: Mapping[str, frozenset[str]] = {
    "de": _set("""
        der die das den dem des ein eine einer eines einem einen und oder aber doch nicht kein keine keinen
        nur auch noch schon sehr mehr als wie so ist sind war waren wird werden wurde wurden worden sei hat
        haben hatte hatten kann konnen konnte muss mussen soll sollen sollte will wollen wollte darf er sie es
        wir ihr ihm ihn ihnen sich sein seine seiner seinem seinen ihre ihrer ihrem ihren dieser diese dieses
        diesem diesen im in am an auf aus bei bis durch fur gegen mit nach ohne seit um unter uber von vom vor
        zu zum zur zwischen wahrend wegen bereits damit dass da dann denn weil wenn ob wo was wer welche hier
        dort heute gestern morgen jahr jahre jahren tag tage tagen woche wochen monat monate uhr prozent sagte
        sagten teilte mit montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar marz
        april mai juni juli august september oktober november dezember zufolge laut nun rund etwa knapp gut ab
        ins beim man alle allen alles anderen andere jetzt zwei drei neue neuen neuer erste ersten
    """),
    "fr": _set("""
        le la les un une des du de d l au aux et ou mais donc ni que qui quoi dont ou en dans sur sous par
        pour sans avec vers chez entre depuis pendant apres avant contre ce cet cette ces son sa ses leur
        leurs notre nos votre vos mon ma mes il elle ils elles on nous vous se s ne n pas plus moins tres tout
        tous toute toutes aussi encore deja comme si est sont etait etaient sera seront ete etre a ont avait
        avaient aura avoir fait faire peut peuvent doit doivent y c qu j an ans annee annees jour jours
        semaine mois heure heures lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars
        avril mai juin juillet aout septembre octobre novembre decembre selon dit declare hier demain aujourd
        hui deux trois premier premiere nouveau nouvelle meme autres autre
    """),
    "es": _set("""
        el la los las un una unos unas de del al a y o u pero ni que quien cual cuyo en con por para sin sobre
        bajo entre desde hasta hacia durante tras contra segun su sus mi tu nuestro este esta estos estas ese
        esa eso esto lo le les se no si mas menos muy tan todo todos toda todas tambien ya aun como cuando
        donde es son era eran sera seran fue fueron ser estar esta estan ha han habia hay haber puede pueden
        debe deben tiene tienen dijo ano anos dia dias semana mes meses hora horas lunes martes miercoles
        jueves viernes sabado domingo enero febrero marzo abril mayo junio julio agosto septiembre octubre
        noviembre diciembre ayer hoy manana dos tres primer primera nuevo nueva otro otra otros
    """),
}
CAPITALISED = "de"
"""The language in which every noun has a capital, so that none is a name by it."""

_LEAST = 4
"""Different function words of a language that make a text one in it, and more than it has of English ones."""
_NOTHING: frozenset[str] = frozenset()


def language(words: Iterable[str]) -> str | None:
    """The language of these folded words, if it is one of those with a list here."""
    found = frozenset(words)
    counts = {name: len(listed & found) for name, listed in _EMPTY.items()}
    name = max(counts, key=counts.__getitem__)
    return name if counts[name] >= _LEAST and counts[name] > len(_ENGLISH & found) else None


def empty_in(name: str | None) -> frozenset[str]:
    """The words that say nothing in this language, beside those of :mod:`~.common`; none for any other."""
    return _EMPTY.get(name or "", _NOTHING)
