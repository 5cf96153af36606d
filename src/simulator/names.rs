//! Names of people who don't exist, from the cultures that a large company brings together.

/// A name as it is written, and as it stands in an e-mail address.
pub(super) type Name = (&'static str, &'static str);

/// Names that go together.
pub(super) struct Culture {
    /// The BCP-47 tag of its language.
    pub(super) language: &'static str,
    pub(super) given: [Name; 6],
    pub(super) family: [Name; 6],
}

const fn culture(language: &'static str, given: [Name; 6], family: [Name; 6]) -> Culture {
    Culture { language, given, family }
}

#[rustfmt::skip]
pub(super) static CULTURES: [Culture; 14] = [
    culture("en-US",
        [("Avery", "avery"), ("Jordan", "jordan"), ("Quinn", "quinn"), ("Maisie", "maisie"), ("Desmond", "desmond"), ("Mary-Beth", "mary-beth")],
        [("Halloway", "halloway"), ("Thornbury", "thornbury"), ("Ashcombe", "ashcombe"), ("Penrow", "penrow"), ("St. Vale", "stvale"), ("Winterly", "winterly")]),
    culture("en-IE",
        [("Siobhán", "siobhan"), ("Cillian", "cillian"), ("Niamh", "niamh"), ("Oisín", "oisin"), ("Caoimhe", "caoimhe"), ("Ruairí", "ruairi")],
        [("O’Dunmore", "odunmore"), ("O'Farrow", "ofarrow"), ("McKilbane", "mckilbane"), ("Fitzrowan", "fitzrowan"), ("Ní Bhraoin", "nibhraoin"), ("Tullamoy", "tullamoy")]),
    culture("pt-BR",
        [("João", "joao"), ("Conceição", "conceicao"), ("Thaís", "thais"), ("Luís", "luis"), ("Inês", "ines"), ("Caetano", "caetano")],
        [("Pradolima", "pradolima"), ("Assunção", "assuncao"), ("da Ribeirinha", "daribeirinha"), ("Guimarosa", "guimarosa"), ("Montalvão", "montalvao"), ("Queirinho", "queirinho")]),
    culture("es-MX",
        [("Núria", "nuria"), ("Íñigo", "inigo"), ("María José", "mariajose"), ("Joaquín", "joaquin"), ("Ximena", "ximena"), ("Raúl", "raul")],
        [("Peñalba", "penalba"), ("de la Encina", "delaencina"), ("Ibarzábal", "ibarzabal"), ("Montoriol", "montoriol"), ("Quiñonera", "quinonera"), ("Valdecañas", "valdecanas")]),
    culture("fr-FR",
        [("Anaïs", "anais"), ("François", "francois"), ("Zoé", "zoe"), ("Jean-Noël", "jean-noel"), ("Maëlle", "maelle"), ("Côme", "come")],
        [("d'Aubrelle", "daubrelle"), ("Lefontanel", "lefontanel"), ("Châteauroy", "chateauroy"), ("Béraudin", "beraudin"), ("L’Hermont", "lhermont"), ("Garçonnet", "garconnet")]),
    culture("de-DE",
        [("Jürgen", "juergen"), ("Käthe", "kaethe"), ("Sören", "soeren"), ("Liesel", "liesel"), ("Götz", "goetz"), ("Wiebke", "wiebke")],
        [("Großfeld", "grossfeld"), ("von der Mühlau", "vondermuehlau"), ("Schönbrück", "schoenbrueck"), ("Weißhaupt", "weisshaupt"), ("Krähenbach", "kraehenbach"), ("Lindenrath", "lindenrath")]),
    culture("sv-SE",
        [("Åsa", "asa"), ("Björn", "bjorn"), ("Märta", "marta"), ("Torvald", "torvald"), ("Saga", "saga"), ("Håkan", "hakan")],
        [("Sjögård", "sjogard"), ("Lindåker", "lindaker"), ("Östervik", "ostervik"), ("Björkhammar", "bjorkhammar"), ("Nyströmer", "nystromer"), ("Falkensjö", "falkensjo")]),
    culture("pl-PL",
        [("Łucja", "lucja"), ("Wojciech", "wojciech"), ("Żaneta", "zaneta"), ("Bożena", "bozena"), ("Stanisław", "stanislaw"), ("Agnieszka", "agnieszka")],
        [("Wiśniorek", "wisniorek"), ("Dąbrowiak", "dabrowiak"), ("Gołębin", "golebin"), ("Źrebiec", "zrebiec"), ("Kościelak", "koscielak"), ("Szczęśny", "szczesny")]),
    culture("tr-TR",
        [("Çağla", "cagla"), ("Şebnem", "sebnem"), ("İlker", "ilker"), ("Gökçe", "gokce"), ("Oğuz", "oguz"), ("Ülkü", "ulku")],
        [("Karadağlı", "karadagli"), ("Yıldızer", "yildizer"), ("Güneşçi", "gunesci"), ("Öztaşkın", "oztaskin"), ("Demirsoyu", "demirsoyu"), ("Akçaova", "akcaova")]),
    culture("he-IL",
        [("נועם", "noam"), ("Yael", "yael"), ("איתמר", "itamar"), ("Shira", "shira"), ("Lior", "lior"), ("תמר", "tamar")],
        [("בן-גלעד", "ben-gilad"), ("Har-Even", "har-even"), ("Almogi", "almogi"), ("כרמלי", "carmeli"), ("Tzurieli", "tzurieli"), ("Shaked-Or", "shaked-or")]),
    culture("hi-IN",
        [("Aarohi", "aarohi"), ("Vikrant", "vikrant"), ("Ishani", "ishani"), ("Devansh", "devansh"), ("Meenakshi", "meenakshi"), ("अनन्या", "ananya")],
        [("Chandrapur", "chandrapur"), ("Bhaskarwal", "bhaskarwal"), ("Rajvanshi", "rajvanshi"), ("Nilgiri", "nilgiri"), ("Suryakant", "suryakant"), ("Devgarh", "devgarh")]),
    culture("ja-JP",
        [("陽菜", "hina"), ("Haruto", "haruto"), ("結衣", "yui"), ("Kenta", "kenta"), ("美咲", "misaki"), ("Sōma", "soma")],
        [("青葉野", "aobano"), ("Tsukishima", "tsukishima"), ("星川", "hoshikawa"), ("Kazemori", "kazemori"), ("Ōhara", "ohara"), ("白峰", "shiramine")]),
    culture("zh-CN",
        [("晓雯", "xiaowen"), ("Zihan", "zihan"), ("宇航", "yuhang"), ("Lǐjuān", "lijuan"), ("佳怡", "jiayi"), ("Weiming", "weiming")],
        [("欧阳", "ouyang"), ("Shangguan", "shangguan"), ("云", "yun"), ("Lü", "lu"), ("司徒", "situ"), ("Huangpu", "huangpu")]),
    culture("yo-NG",
        [("Adébáyọ̀", "adebayo"), ("Folúkẹ́", "foluke"), ("Táíwò", "taiwo"), ("Ìdòwú", "idowu"), ("Àníkẹ́", "anike"), ("Ṣẹ́gun", "segun")],
        [("Ọláwùyí", "olawuyi"), ("Akínlàbí", "akinlabi"), ("Ògúndélé", "ogundele"), ("Fálọlá", "falola"), ("Ọ̀ṣúnlànà", "osunlana"), ("Adéwálé", "adewale")]),
];
