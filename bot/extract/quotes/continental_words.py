"""The German, French and Spanish words by which speech is told; see ``words`` for the English ones."""

from __future__ import annotations

from .words import listed

VERBS = listed("""
    sagte sagt sagten erklärte erklärt betonte betont meinte meint mahnte warnte warnt ergänzte kritisierte
    kommentierte schrieb versicherte behauptete antwortete entgegnete erläuterte bekräftigte unterstrich bestätigte
    urteilte beklagte bedauerte erzählte fragte scherzte klagte fügte teilte resümierte forderte konterte bilanzierte

    explique affirme estime souligne confie commente prévient précise résume déclare indique ajoute regrette
    rappelle raconte insiste poursuit plaide déplore martèle répond conclut dit

    dijo afirmó aseguró señaló declaró añadió agregó explicó indicó advirtió sostuvo subrayó recordó manifestó apuntó
    comentó reconoció insistió admitió resumió lamentó respondió contestó concluyó precisó criticó celebró expresó
    destacó opinó relató ironizó zanjó contó avisó matizó confesó puntualizó afirma asegura explica señala advierte
    lamenta
""")
PARTICIPLES = listed("""
    déclaré affirmé ajouté expliqué estimé assuré souligné commenté confié indiqué précisé lancé répondu prévenu
    regretté résumé martelé réagi conclu reconnu rappelé insisté averti dit raconté jugé déploré admis plaidé
    poursuivi observé constaté écrit ironisé dénoncé

    dicho afirmado asegurado señalado declarado añadido agregado explicado indicado advertido subrayado recordado
    manifestado apuntado comentado reconocido insistido admitido resumido lamentado respondido concluido precisado
    criticado destacado
""") - {"dit"}
"""What tells of speech only behind ``AUXILIARIES``; "dit" does with and without."""

AUXILIARIES = listed("a avait ha había")
ACCORDING = listed("según selon laut")
TRIGGERS = VERBS | PARTICIPLES | ACCORDING | {"so"}
NEGATIVE = listed("nicht nie kein keine ne n'a pas jamais no nunca würde hätte aurait habría")
THAT = listed("que qu'il qu'elle dass daß")

DETERMINERS = listed("der die das dem den ein eine einer einem el la los le les un una une ihr sein su son sa")
INDEFINITE = listed("ein eine einer einem un una une")
PARTICLES = listed("van von de del della di da dos du la le ten ter zu al bin")
OF = listed("von vom de del du")
TIES = listed("""
    de del du des d' der des von vom für beim im zur zum la el los las le les l' y et und en pour para por chez bei
    au aux e da do à aus
""")
"""Behind these a name belongs to the office: "ministro de Economía"."""

STOPS = listed("""
    am im in beim nach vor gegenüber zu bei auf zum mit hinzu dem während nachdem bereits weiter zuvor später dazu
    heute gestern einem einer abends morgens anschließend danach der vom

    lors à au dans devant sur ce cette hier aujourd'hui après avant auprès qui peu cité interrogé à l'issue jeudi
    dès face

    en a ante durante tras este esta ayer hoy quien al desde sobre antes después con mientras poco
""")
"""How an aside behind a speaker begins."""

DAYS = listed("""
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag montagabend lundi mardi mercredi jeudi
    vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo januar februar märz april mai juni
    juli august september oktober november dezember
""")
HONORIFICS = listed("herr frau monsieur madame mme señor señora don doña")
TITLED = listed("""
    buch roman lied titel bericht studie genannt genannte genannten sogenannte sogenannten libro película novela canción
    informe titulado titulada llamado llamada livre rapport chanson titre titulé titulée intitulé intitulée appelé
    appelée baptisé baptisée
""")
"""Before a mark: what follows is a name or a title."""
NO_NAMES = listed("""
    er sie es wir ich ihr man il elle ils elles on nous je él ella ellos yo nosotros niemand personne nadie wer wie
    was dies dieses diese und aber doch auch denn wenn als qui ce cela c'est esto eso pero también cuando
    analysten experten ökonomen volkswirte händler beobachter diplomaten kritiker forscher
    anwohner insider teilnehmer angaben bericht medienberichten berichten fuentes sources fuente source dpa afp efe
    reuters
""")

ROLES = listed("""
    vorsitzende vorsitzender abgeordnete abgeordneter beamter beamte beamtin

    ministre président présidente porte-parole économiste analyste directeur directrice secrétaire commissaire chef
    cheffe patron patronne professeur professeure chercheur chercheuse avocat avocate ambassadeur ambassadrice maire
    député députée sénateur sénatrice responsable diplomate gouverneur gouverneure entraîneur entraîneuse capitaine
    consultant consultante expert experte fondateur fondatrice fonctionnaire conseiller conseillère médecin négociant
    négociante agriculteur agricultrice syndicaliste habitant habitante éleveur éleveuse vice-président
    vice-présidente vice-ministre gérant gérante

    ministro ministra presidente presidenta portavoz economista analista director directora secretario secretaria
    comisario comisaria jefe jefa profesor profesora investigador investigadora abogado abogada embajador embajadora
    alcalde alcaldesa diputado diputada senador senadora diplomático diplomática gobernador gobernadora entrenador
    entrenadora capitán capitana consultor consultora experto experta fundador fundadora funcionario funcionaria
    juez jueza consejero consejera médico médica canciller ayudante consignatario consignataria agricultor
    agricultora vecino vecina seleccionador seleccionadora gerente vicepresidente vicepresidenta viceministro
    viceministra dirigente líder testigo empresario empresaria
""")
GERMAN_ROLES = (
    "minister", "ministerin", "kanzler", "kanzlerin", "präsident", "präsidentin", "sprecher", "sprecherin", "chef",
    "chefin", "ökonom", "ökonomin", "volkswirt", "volkswirtin", "analyst", "analystin", "experte", "expertin",
    "direktor", "direktorin", "leiter", "leiterin", "kommissar", "kommissarin", "professor", "professorin", "forscher",
    "forscherin", "händler", "händlerin", "anwalt", "anwältin", "botschafter", "botschafterin", "kapitän", "kapitänin",
    "trainer", "trainerin", "bürgermeister", "bürgermeisterin", "geschäftsführer", "geschäftsführerin", "senator",
    "senatorin", "sekretär", "sekretärin", "berater", "beraterin", "landwirt", "landwirtin", "vorsitzende",
    "vorsitzender",
)  # fmt: skip
"""How German offices end, whatever stands in front: "Handelsminister"."""

INSTITUTIONS = listed("""
    ministerium handelsministerium außenministerium wirtschaftsministerium kommission eu-kommission behörde regierung
    bundesregierung unternehmen konzern verband firma bank zentralbank gericht

    ministère commission gouvernement entreprise groupe société banque tribunal association fédération

    ministerio comisión gobierno empresa compañía asociación banco federación sindicato
""")
