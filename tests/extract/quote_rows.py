"""Who said what in short texts written for this test: each with its quotations, speaker and words, in order."""

ROWS = [
    ("“It is over,” said Jane Miller, a trade lawyer at Hogan Partners in Brussels.", [("Jane Miller", "It is over")]),
    ("“It is over,” Jane Miller said.", [("Jane Miller", "It is over")]),
    ('"It is over," Jane Miller, a trade lawyer at Hogan Partners, said on Monday.', [("Jane Miller", "It is over")]),
    ("Jane Miller said: “It is over.”", [("Jane Miller", "It is over.")]),
    ('Jane Miller told reporters, "It is over."', [("Jane Miller", "It is over.")]),
    ("“It is over,” said Jane Miller, “and nobody won.”", [("Jane Miller", "It is over and nobody won.")]),
    (
        "“It is over,” Jane Miller told Reuters on Tuesday. “Nobody won.”",
        [("Jane Miller", "It is over"), ("Jane Miller", "Nobody won.")],
    ),
    ("According to Jane Miller, the deal is “worse than no deal”.", [("Jane Miller", "worse than no deal")]),
    (
        "The deal is “worse than no deal at all,” according to Jane Miller, a trade lawyer.",
        [("Jane Miller", "worse than no deal at all")],
    ),
    ("As Jane Miller put it, “nobody won.”", [("Jane Miller", "nobody won.")]),
    ("“Nobody won,” as Jane Miller put it.", [("Jane Miller", "Nobody won")]),
    ("Jane Miller called the tariffs “a tax on ourselves”.", [("Jane Miller", "a tax on ourselves")]),
    (
        "The ministry said: “We will take all necessary measures.”",
        [("ministry", "We will take all necessary measures.")],
    ),
    (
        "“We will take all necessary measures,” a Commerce Department spokesperson said in an email.",
        [("Commerce Department spokesperson", "We will take all necessary measures")],
    ),
    (
        "“We are watching,” said a spokesman for the Chinese embassy in Washington.",
        [("spokesman for the Chinese embassy", "We are watching")],
    ),
    (
        "Trade Secretary Gina Tarrant said the talks were “frank and constructive”.",
        [("Gina Tarrant", "frank and constructive")],
    ),
    ("Gina Tarrant arrived on Sunday. “I am optimistic,” she said.", [("Gina Tarrant", "I am optimistic")]),
    ("Gina Tarrant met Wang Lihao on Monday. “I am optimistic,” she said.", []),
    (
        "Stephen Harker, a fellow at Hinrich, sees risks.\n\n“It will not work,” said Harker.",
        [("Stephen Harker", "It will not work")],
    ),
    ("He bought the book “Chip Wars” by Chris Muller.", []),
    ("Chris Muller, author of “Chip War,” said the rules came late.", []),
    ("The “small yard, high fence” approach has caused damage, analysts said.", []),
    ("The so-called “tech war” goes on, Jane Miller said.", []),
    ("‘It is over,’ said Jane Miller.", [("Jane Miller", "It is over")]),
    (
        "‘It isn’t over,’ Jane Miller said. ‘It’s not the officials’ fault.’",
        [("Jane Miller", "It isn’t over"), ("Jane Miller", "It’s not the officials’ fault.")],
    ),
    ("'It is over,' Jane Miller said.", [("Jane Miller", "It is over")]),
    ("„Das ist vorbei“, sagte Robert Hagen.", [("Robert Hagen", "Das ist vorbei")]),
    ("«C'est fini», a déclaré Bruno Le Gall.", [("Bruno Le Gall", "C'est fini")]),
    ("商务部发言人何明东表示：“中方坚决反对。”", [("何明东", "中方坚决反对。")]),
    ("中方代表团成员说：“会谈是坦诚的。”", [("中方代表团成员", "会谈是坦诚的。")]),
    ("美方代表团团长表示，“还有分歧”。", [("美方代表团团长", "还有分歧")]),
    ("“中方坚决反对，”商务部发言人何明东说。", [("何明东", "中方坚决反对")]),
    ("中国外交部发言人汪文远周二在例行记者会上强调，“美方应停止打压”。", [("汪文远", "美方应停止打压")]),
    ("吕明指出：「这是一个信号。」", [("吕明", "这是一个信号。")]),
    ("“I never said ‘stop’,” Jane Miller said.", [("Jane Miller", "I never said ‘stop’")]),
    (
        "Jane Miller said Liu’s speech was “a signal to markets”, while Beijing’s “dual circulation” policy continues.",
        [("Jane Miller", "a signal to markets")],
    ),
    ("The president did not say “the tariffs will stay”.", []),
    ("The report is titled “A World in Flames,” the bank said.", []),
    ("“We will respond,” it said.", []),
    (
        "China’s Ministry of Commerce protested on Monday. “We will respond,” the ministry said.",
        [("Ministry of Commerce", "We will respond")],
    ),
    ("Liu Anping and Joe Carver met. “We agreed,” he said.", []),
    ("Wang was quoted by Xinhua as saying “the door is open”.", [("Wang", "the door is open")]),
    ("Xinhua quoted Wang Lihao as saying, “The door is open.”", [("Wang Lihao", "The door is open.")]),
    (
        "Beijing rejected the claims, calling them “groundless and malicious”.",
        [("Beijing", "groundless and malicious")],
    ),
    (
        "Wang Lihao criticised the curbs on Friday, saying they “disrupt global supply chains”.",
        [("Wang Lihao", "disrupt global supply chains")],
    ),
    ("“Why now?” asked Jane Miller.", [("Jane Miller", "Why now?")]),
    ("“Why now?” Jane Miller asked. The answer is simple.", [("Jane Miller", "Why now?")]),
    (
        "“One,” said Jane Miller.\n\n“Two,” said Tom Baker.\n\n“Three,” she said.",
        [("Jane Miller", "One"), ("Tom Baker", "Two"), ("Jane Miller", "Three")],
    ),
    (
        "“We started early,” said Jane Miller.\n\n“It paid off for all of us,” she said.",
        [("Jane Miller", "We started early"), ("Jane Miller", "It paid off for all of us")],
    ),
    ("“First we wait.\n\n“Then we act,” said Jane Miller.", [("Jane Miller", "First we wait. Then we act")]),
    ("Jane Miller told the paper:\n\n“First we wait and see.”", [("Jane Miller", "First we wait and see.")]),
    (
        "Rep. Mike Gallow (R-Wis.) said the bill was “long overdue and badly needed”.",
        [("Mike Gallow", "long overdue and badly needed")],
    ),
    ("“We need it,” said Rep. Mike Gallow (R-Wis.), who chairs the panel.", [("Mike Gallow", "We need it")]),
    ("“We need it,” said U.S. Secretary of State Antony Fairley.", [("Antony Fairley", "We need it")]),
    (
        "White House press secretary Karine Saint-Just said: “No decision has been made.”",
        [("Karine Saint-Just", "No decision has been made.")],
    ),
    (
        "“No decision has been made,” Mr Baker said. Tom Baker is a minister.",
        [("Tom Baker", "No decision has been made")],
    ),
    ("“The sky is falling,” analysts said.", []),
    ("“It matters,” one senior official said.", [("senior official", "It matters")]),
    ('The tariff is 6" wide and the “yard” is 12" long, Jane Miller said.', []),
    ("“Unclosed words go on, said Jane Miller.", []),
    ("Harker, who called the plan “a dead end for everyone”, left.", []),
    ("She said the deal was “good enough for now”.", []),
    (
        "The company said in a statement that it “strongly disagrees with the decision”.",
        [("company", "strongly disagrees with the decision")],
    ),
    ("Novidia said it would “comply with all applicable rules”.", [("Novidia", "comply with all applicable rules")]),
    (
        "Hualin declined to comment. “We have nothing to add,” a spokeswoman said.",
        [("spokeswoman", "We have nothing to add")],
    ),
    ("“Tariffs are taxes,” Jane Miller and Tom Baker wrote.", []),
    ("“A line,” reads a sign at the gate.", []),
    ('"It\'s over," the statement said.', []),
    (
        "“We are ready,” Bureau of Industry and Security Under Secretary Alan Esterly said.",
        [("Alan Esterly", "We are ready")],
    ),
    (
        "“We are ready,” the Bureau of Industry and Security said.",
        [("Bureau of Industry and Security", "We are ready")],
    ),
    ("“This,” he said, “is it.”", []),
    ("Tom Baker would say “no” to that.", []),
    ("“No way,” said nobody.", []),
    ("Jane Miller: “We are ready.”", []),
    (
        "Lead economist Louise Tan said “the worst is over for exporters”.",
        [("Louise Tan", "the worst is over for exporters")],
    ),
    (
        "The foundation’s Stephen Harker said “the worst is over for exporters”.",
        [("Stephen Harker", "the worst is over for exporters")],
    ),
    (
        "Wang Wenlan, a spokesman for China’s foreign ministry, told a briefing on Tuesday that the US should “stop politicising trade”.",
        [("Wang Wenlan", "stop politicising trade")],
    ),
    (
        "In a statement on Monday, the US Chamber of Commerce said the move was “a step backwards”.",
        [("US Chamber of Commerce", "a step backwards")],
    ),
    ("The plan has been called “a dead end”.", []),
    ("Critics say the plan is “a dead end”.", []),
    ("The plan, dubbed “Made in China 2025,” was dropped, Jane Miller said.", []),
    ("Jane Miller said China’s “Made in China 2025” plan was dropped.", []),
    (
        '"We have to act," Ursula von der Heide told the European Parliament.',
        [("Ursula von der Heide", "We have to act")],
    ),
    ("“We have to act,” added Karim al-Masri.", [("Karim al-Masri", "We have to act")]),
    ("“We lost,” said O’Brien. Pat O’Brien runs a farm.", [("Pat O’Brien", "We lost")]),
    ("Brask accused China of “cheating on trade for decades”.", [("Brask", "cheating on trade for decades")]),
    ("“It’s a mess” is how Jane Miller described it.", []),
    (
        "It leaves “six weeks to find another street”, according to a brief of the small merchants' association, which sided with it.",
        [("small merchants' association", "six weeks to find another street")],
    ),
    (
        "“It leaves six weeks,” according to a brief of the merchants' association, which sided with it.",
        [("merchants' association", "It leaves six weeks")],
    ),
    ("Tom Baker said that “China is a market like no other”.", [("Tom Baker", "China is a market like no other")]),
    ("Tom Baker said the order, “Blocking Property of Certain Persons Abroad,” was late.", []),
    (
        "“No comment,” the panel’s chair said. Anna Delacroix, a witness, answered: “A pity.”\n\n“It is,” he said.",
        [("panel’s chair", "No comment"), ("Anna Delacroix", "A pity."), ("panel’s chair", "It is")],
    ),
    (
        "BRUSSELS (AP) — European Commission President Ursula von der Heide said Wednesday that the bloc would launch an anti-subsidy investigation, arguing that global markets are “now flooded with cheaper Chinese electric cars.”",
        [("Ursula von der Heide", "now flooded with cheaper Chinese electric cars.")],
    ),
    ("“Europe is open to competition. Not for a race to the bottom,” she told lawmakers in Strasbourg, France.", []),
    (
        "China’s Commerce Ministry called the probe “naked protectionism” and warned it would “seriously disrupt and distort the global automotive industry and supply chain.”",
        [
            ("China’s Commerce Ministry", "naked protectionism"),
            (
                "China’s Commerce Ministry",
                "seriously disrupt and distort the global automotive industry and supply chain.",
            ),
        ],
    ),
    (
        "Valdis Ozols, the EU trade chief, told the Harbour Daily in an interview published Thursday that Brussels was “open to a negotiated solution.” He added: “The ball is in China’s court.”",
        [("Valdis Ozols", "open to a negotiated solution."), ("Valdis Ozols", "The ball is in China’s court.")],
    ),
    ("The “de-risking” strategy, a term coined by von der Heide, is not about decoupling, officials insist.", []),
    (
        "“It’s a very risky game,” said one European diplomat, who spoke on condition of anonymity. “Nobody wants a trade war, but nobody wants to blink.”",
        [
            ("European diplomat", "It’s a very risky game"),
            ("European diplomat", "Nobody wants a trade war, but nobody wants to blink."),
        ],
    ),
    (
        "Hildegard Moser, president of the VDA, Germany’s main auto lobby, said that the investigation “alone won’t help solve the existing challenges to Europe’s competitiveness.”",
        [("Hildegard Moser", "alone won’t help solve the existing challenges to Europe’s competitiveness.")],
    ),
    (
        "Tu Minh, founder of Lantern Auto Insights, said it was “a little late”. “They should have done it three years ago,” he said, adding that “the horse has left the barn”.",
        [
            ("Tu Minh", "a little late"),
            ("Tu Minh", "They should have done it three years ago"),
            ("Tu Minh", "the horse has left the barn"),
        ],
    ),
    (
        "Not everyone agrees. In a note to clients, Hallam analyst Patrick Hauser wrote that tariffs “may only slow the inevitable.” His colleagues at Citi called that “too pessimistic.”",
        [("Patrick Hauser", "may only slow the inevitable.")],
    ),
    (
        "“Why should we pay?” asks Marta Kowalska, who sells cars in Poznan. “We did not start it.”",
        [("Marta Kowalska", "Why should we pay?"), ("Marta Kowalska", "We did not start it.")],
    ),
    (
        "The commission’s chief spokesman, Eric Mander, declined to say whether the “dialogue” had failed. Asked about reports of retaliation, he replied: “We do not comment on comments.”",
        [("Eric Mander", "We do not comment on comments.")],
    ),
    ("When asked whether he was worried, Mander laughed. “No,” he said.", []),
    (
        "Wang Lihao, who met with Ozols in Beijing, said Chinese firms “do not need subsidies to win”.",
        [("Wang Lihao", "do not need subsidies to win")],
    ),
    (
        "Volta’s Europe chief Michael Sheng said in Munich that “we will build in Europe, for Europe.”",
        [("Michael Sheng", "we will build in Europe, for Europe.")],
    ),
    (
        "President Donald Brask posted on its channel: “CHINA HAS BEEN VERY BAD!” Brask, who is running again, has described tariffs as “the most beautiful word in the dictionary.”",
        [("Donald Brask", "CHINA HAS BEEN VERY BAD!"), ("Donald Brask", "the most beautiful word in the dictionary.")],
    ),
    ("According to a person familiar with the matter, the talks were “difficult but useful”.", []),
    ("Reuters reported that the order was “imminent”.", []),
    (
        "Lawmakers accused the company of “putting profits over people,” and its chief executive, Zi Wei Chua, of lying. Chua denied it. “That is not correct,” he said.",
        [("Zi Wei Chua", "That is not correct")],
    ),
    (
        "The minister said he had “no plans” to resign, and his spokeswoman, Ana Brandt, later said the reports were “pure invention”.",
        [("minister", "no plans"), ("Ana Brandt", "pure invention")],
    ),
    (
        "“We’re going to be fine,” said Tim Wren, a law professor at Arden University, and “the courts will say so.”",
        [("Tim Wren", "We’re going to be fine")],
    ),
    (
        "Speaking on Tuesday, Lin Qiao, a ministry spokesman, said: “China firmly opposes this,” without giving details.",
        [("Lin Qiao", "China firmly opposes this")],
    ),
    (
        "The bill, which Senator Marco Ruffo has called “the strongest in history”, passed on Friday. Its critics call it a “gift to lawyers”.",
        [("Marco Ruffo", "the strongest in history")],
    ),
    (
        "Asked if the deal was dead, Katherine Tull, the US trade representative, said, “I would not say that.”",
        [("Katherine Tull", "I would not say that.")],
    ),
    (
        "“This is not the end,” Tull said in a statement posted online. “It’s the beginning,” the statement added.",
        [("Tull", "This is not the end")],
    ),
    (
        "Mr Ozols and Mr Wang agreed to keep talking. “That is good news,” Jens Ostergaard, president of the European Union Chamber of Commerce in China, said at a briefing.",
        [("Jens Ostergaard", "That is good news")],
    ),
    ("A banner above the door read “Welcome to the Future”. Inside, workers sang “The Internationale”.", []),
    (
        "The Harbour Times, a state-run tabloid, said in an editorial that Europe was “shooting itself in the foot”.",
        [("Harbour Times", "shooting itself in the foot")],
    ),
    (
        "“Cheap cars are good for the climate,” wrote the economist Paul Krantz in his column.",
        [("Paul Krantz", "Cheap cars are good for the climate")],
    ),
    (
        "In an op-ed titled “Do Not Panic,” former Treasury secretary Larry Sommer argued that the fear was “overdone by half”.",
        [("Larry Sommer", "overdone by half")],
    ),
    (
        "Under the law, known as the “CHIPS Act”, companies must not expand in “countries of concern”, the department said.",
        [("department", "countries of concern")],
    ),
    ("“It depends,” as one trader put it, “on who blinks first.”", [("trader", "It depends on who blinks first.")]),
    (
        'Li Chengwu, China\'s vice-minister of commerce, said at a briefing after the talks: "We reached a framework."  Scott Benton, the Treasury secretary, struck a different tone. "A deal is a deal when it is signed," he told a broadcaster.',
        [("Li Chengwu", "We reached a framework."), ("Scott Benton", "A deal is a deal when it is signed")],
    ),
    # A place is no speaker; the name in apposition beats the office beside it.
    ("Two ships sank near Port Karim. “We saw it,” he said.", []),
    ("Smoke hung over the Bay of Karim. Crews waited off Cape Orsk al-Bahr. “We saw it,” he said.", []),
    (
        "Minister Hale left. The chief executive, Yeo, who was in town, opened the hall. He told guests it was “a gift to all of us here”.",
        [("Yeo", "a gift to all of us here")],
    ),
    (
        "At a meeting in Oslo, Lund, who runs the yard, rose. “We are done here,” he said.",
        [("Lund", "We are done here")],
    ),
    (
        "In line outside stood Pell, the owner of a shop for used boats, with a chair. “I counted eleven,” he said.",
        [("Pell", "I counted eleven")],
    ),
    ("In Oslo, the minister of a small country waited with Lund. “We are done here,” he said.", []),
    (
        "One supplier, Tarn Works, said it “keeps to the law wherever it does business”.",
        [("Tarn Works", "keeps to the law wherever it does business")],
    ),
    ("“We were wrong to wait,” Arden's chief executive, Lund, said.", [("Lund", "We were wrong to wait")]),
    (
        "Lund, who spoke for them, read from a card on the steps of the town hall: “The law has no word 'tax' in it.”",
        [("Lund", "The law has no word 'tax' in it.")],
    ),
    ("Lund read from a letter of a friend: “The law has no such word.”", []),
    # German
    ("„Das ist vorbei“, sagte Handelsminister Vogt am Freitag.", [("Vogt", "Das ist vorbei")]),
    ("„Das ist vorbei“, sagte der Sprecher des Ministeriums, Jan Vogt, in Berlin.", [("Jan Vogt", "Das ist vorbei")]),
    ("„Das ist vorbei“, so Vogt. „Schade“, fügte Frau Lund hinzu.", [("Vogt", "Das ist vorbei"), ("Lund", "Schade")]),
    ("Vogt, Chef des Verbands, erklärte: „Das ist vorbei.“", [("Vogt", "Das ist vorbei.")]),
    ("Am Freitag sagte Vogt: „Das ist vorbei.“", [("Vogt", "Das ist vorbei.")]),
    (
        "Vogt sagte, dass er „nicht mehr an den Erfolg der Gespräche“ glaube.",
        [("Vogt", "nicht mehr an den Erfolg der Gespräche")],
    ),
    ("„Das ist vorbei“, sagte eine Sprecherin der Kommission.", [("Sprecherin der Kommission", "Das ist vorbei")]),
    *(
        (text, [])
        for text in (
            "„Das ist vorbei“, sagte der Minister.",
            "„Das ist vorbei“, sagten Händler.",
            "„Das ist vorbei“, sagten Vogt und Lund.",
            "Vogt sagte nicht: „Das ist vorbei.“",
            "Der Film „Das ist vorbei“, sagte Vogt, sei gut.",
            "Laut Mitteilung ist es „eine sehr gute und sehr lange Sache“.",
        )
    ),
    # French
    ("« C'est fini », a commenté Roche, économiste d'une banque.", [("Roche", "C'est fini")]),
    ("« C'est fini », a déclaré mardi la ministre du Commerce, Anne Roche.", [("Anne Roche", "C'est fini")]),
    ("« C'est fini », explique l'économiste Anne Roche.", [("Anne Roche", "C'est fini")]),
    ("Selon Anne Roche, « tout est fini pour cette année ».", [("Anne Roche", "tout est fini pour cette année")]),
    ("Le ministre de l'Économie, Luc Petit, a dit : « C'est fini. »", [("Luc Petit", "C'est fini.")]),
    (
        "« C'est fini », dit Le Gall. « Dommage », confie un diplomate.",
        [("Le Gall", "C'est fini"), ("diplomate", "Dommage")],
    ),
    *(
        (text, [])
        for text in (
            "« C'est fini », a déclaré le ministre.",
            "« C'est fini », a dit Anne Roche et Luc Petit.",
            "« C'est fini », selon un communiqué.",
            "Roche n'a pas dit : « C'est fini. »",
        )
    ),
    # Spanish
    ("«Se acabó», resumió Mora, ayudante del alcalde.", [("Mora", "Se acabó")]),
    ("«Se acabó», dijo el ministro de Economía, Luis Mora, en Madrid.", [("Luis Mora", "Se acabó")]),
    ("«Se acabó», ha dicho Mora este martes.", [("Mora", "Se acabó")]),
    ("Según Luis Mora, «se acabó la paciencia de todos».", [("Luis Mora", "se acabó la paciencia de todos")]),
    ("Luis Mora, presidente de la patronal, dijo: «Se acabó.»", [("Luis Mora", "Se acabó.")]),
    *(
        (text, [])
        for text in (
            "«Se acabó», dijo el presidente electo ante los suyos.",
            "«Se acabó», dijo Ana Ruiz y Luis Mora.",
            "El libro «Se acabó», dijo Mora, es bueno.",
            "Mora dijo que el «modelo chino» fracasó.",
        )
    ),
    # Chinese
    ("商务部官员何某在随后的发布会上表示：“大门开着。”", [("何某", "大门开着。")]),
    ("店主李某某告诉记者：“大门开着。”", [("李某某", "大门开着。")]),
    ("张某和杜某说：“大门开着。”", []),
]
