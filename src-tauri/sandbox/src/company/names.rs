//! The names of made-up people and groups, as they are written and as they stand in an address. No real person is meant.

/// How the two parts of a name stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Anna Schmidt
    GivenFirst,
    /// Nguyễn An
    FamilyFirst,
    /// 李小龙
    Joined,
}

/// Where somebody lives, and how people are called there.
pub(super) struct Place {
    /// ISO 3166.
    pub(super) code: &'static str,
    pub(super) country: &'static str,
    pub(super) cities: &'static [&'static str],
    pub(super) dial: &'static str,
    pub(super) order: Order,
    /// Names with their letters in an address: `Zoë=zoe, Anna=anna`.
    pub(super) given: &'static str,
    pub(super) family: &'static str,
}

impl Place {
    pub(super) fn written(&self, given: &str, family: &str) -> String {
        match self.order {
            _ if family.is_empty() => given.to_owned(),
            Order::GivenFirst => format!("{given} {family}"),
            Order::FamilyFirst => format!("{family} {given}"),
            Order::Joined => format!("{family}{given}"),
        }
    }
}

pub(super) const TITLES: [&str; 16] = [
    "Engineer",
    "Senior Engineer",
    "Sales Manager",
    "Accountant",
    "Nurse",
    "Head of Logistics",
    "Data Analyst",
    "Werkstudentin",
    "Chargée d’affaires",
    "Technicien, niveau 2",
    "Product Owner (Payments)",
    "Assistant to the Board",
    "営業部長",
    "Электрик",
    "Security Officer",
    "Trainee",
];

pub(super) const DEPARTMENTS: [&str; 12] = [
    "Finance",
    "Research, Development",
    "Sales & Marketing",
    "IT Operations",
    "Legal",
    "Qualitätssicherung",
    "Ressources humaines",
    "Customer Care",
    "Logistics",
    "Board Office",
    "製造",
    "Procurement",
];

/// What a group is for, and where it is.
pub(super) const PURPOSES: [&str; 20] = [
    "Finance",
    "Research, Development",
    "Sales & Marketing",
    "IT Operations",
    "Legal",
    "Qualitätssicherung",
    "Ressources humaines",
    "Project \"Nordlicht\"",
    "Admins",
    "VPN Users",
    "SAP Key Users",
    "Director's Circle",
    "営業",
    "Бухгалтерия",
    "On-call (24/7)",
    "Visitors",
    "Fire Wardens",
    "Developers",
    "Read only",
    "Payments",
];
pub(super) const SITES: [&str; 16] = [
    "Berlin",
    "Zürich",
    "São Paulo",
    "Kraków",
    "Paris",
    "Milano",
    "Madrid",
    "Dublin",
    "New York",
    "東京",
    "上海",
    "서울",
    "Hà Nội",
    "İstanbul",
    "Αθήνα",
    "Mumbai",
];

pub(super) const PLACES: [Place; 16] = [
    Place {
        code: "DE",
        country: "Germany",
        cities: &["Berlin", "München", "Köln"],
        dial: "+49 30",
        order: Order::GivenFirst,
        given: "Anna=anna, Jürgen=juergen, Käthe=kaethe, Lukas=lukas, Sören=soeren, Hans-Peter=hans-peter, \
                Ayşe=ayse, Marie-Luise=marie-luise, Uwe=uwe, Birgit=birgit, Karl Theodor=karl.theodor, \
                Jana=jana, Ole=ole, Mia=mia",
        family: "Schmidt=schmidt, Müller-Lüdenscheidt=mueller-luedenscheidt, Groß=gross, \
                von der Heide=vonderheide, Köhler=koehler, Weiß=weiss, Yılmaz=yilmaz, \
                Schönberg-Wittgenstein=schoenberg-wittgenstein, Kaya=kaya, Fischer=fischer, Krause=krause, \
                Öztürk=oeztuerk, Zu Guttenau=zuguttenau, \
                Wolfeschlegelsteinhausenbergerdorff=wolfeschlegelsteinhausenbergerdorff",
    },
    Place {
        code: "FR",
        country: "France",
        cities: &["Paris", "Lyon", "Besançon"],
        dial: "+33 1",
        order: Order::GivenFirst,
        given: "François=francois, Zoë=zoe, Jean-Baptiste=jean-baptiste, Hélène=helene, Océane=oceane, \
                Loïc=loic, Maëlys=maelys, Amélie=amelie, Rémi=remi, Inès=ines, Théo=theo, Agathe=agathe",
        family: "Lefèvre=lefevre, D’Estaing=d'estaing, L'Hermite=l'hermite, Dubois=dubois, \
                de La Rochefoucauld=delarochefoucauld, Benoît=benoit, N'Diaye=n'diaye, Garçon=garcon, \
                Moreau-Châtelet=moreau-chatelet, Rousseau=rousseau, Œuvrard=oeuvrard, Traoré=traore",
    },
    Place {
        code: "IE",
        country: "Ireland",
        cities: &["Dublin", "Dún Laoghaire", "Cork"],
        dial: "+353 1",
        order: Order::GivenFirst,
        given: "Siobhán=siobhan, Niamh=niamh, Pádraig=padraig, Seán=sean, Aoife=aoife, Ciarán=ciaran, \
                Mary Ann=mary.ann, Conor=conor, Gráinne=grainne, Eoin=eoin",
        family: "O'Brien=o'brien, O'Connor=o'connor, Ó Súilleabháin=osuilleabhain, Murphy=murphy, \
                McCarthy=mccarthy, Ní Dhomhnaill=nidhomhnaill, Walsh=walsh, Byrne-O'Neill=byrne-o'neill, \
                Fitzgerald=fitzgerald, D'Arcy=d'arcy",
    },
    Place {
        code: "US",
        country: "United States",
        cities: &["New York", "Austin", "Cañon City"],
        dial: "+1 212",
        order: Order::GivenFirst,
        given: "Ada=ada, Grace=grace, Mary-Jo=mary-jo, William=william, DeShawn=deshawn, \
                Guadalupe=guadalupe, La'Keisha=la'keisha, J. Robert=j.robert, Ng=ng, X=x, Hunter=hunter, \
                Olivia=olivia",
        family: "Smith-Jones=smith-jones, Null=null, Test=test, Washington=washington, True=true, \
                Vander Waal=vanderwaal, MacDonald=macdonald, Lovelace=lovelace, Hopper=hopper, \
                Keihanaikukauakahihuliheekahaunaele=keihanaikukauakahihuliheekahaunaele, Ho=ho, Begay=begay",
    },
    Place {
        code: "ES",
        country: "Spain",
        cities: &["Madrid", "A Coruña", "Cádiz"],
        dial: "+34 91",
        order: Order::GivenFirst,
        given: "José=jose, María del Carmen=maria.carmen, Íñigo=inigo, Begoña=begona, Lucía=lucia, \
                Ángel=angel, Nuria=nuria, Iker=iker, Xoán=xoan, Sofía=sofia",
        family: "García Márquez=garciamarquez, de la Cruz=delacruz, Ibáñez=ibanez, Núñez=nunez, \
                Etxeberria=etxeberria, Peña y Lillo=penaylillo, López=lopez, \
                Puig i Cadafalch=puigicadafalch, Fernández-Villaverde=fernandez-villaverde, Sáez=saez",
    },
    Place {
        code: "PL",
        country: "Poland",
        cities: &["Kraków", "Łódź", "Gdańsk"],
        dial: "+48 12",
        order: Order::GivenFirst,
        given: "Łukasz=lukasz, Zofia=zofia, Grzegorz=grzegorz, Małgorzata=malgorzata, Stanisław=stanislaw, \
                Żaneta=zaneta, Paweł=pawel, Świętosława=swietoslawa",
        family: "Żółć=zolc, Brzęczyszczykiewicz=brzeczyszczykiewicz, Wiśniewska=wisniewska, \
                Kowalczyk-Nowak=kowalczyk-nowak, Dąbrowski=dabrowski, Ścibor=scibor, Łęcka=lecka, \
                Mazur=mazur",
    },
    Place {
        code: "SE",
        country: "Sweden",
        cities: &["Malmö", "Göteborg", "Umeå"],
        dial: "+46 40",
        order: Order::GivenFirst,
        given: "Åsa=asa, Björn=bjorn, Søren=soren, Þóra=thora, Väinö=vaino, Märta=marta, Nils=nils, \
                Ragnhild=ragnhild",
        family: "Ångström=angstrom, Guðmundsdóttir=gudmundsdottir, Sjöberg=sjoberg, af Ugglas=afugglas, \
                Järvinen=jarvinen, Østergård=ostergard, Lindqvist=lindqvist, Æbelø=aebelo",
    },
    Place {
        code: "NL",
        country: "Netherlands",
        cities: &["Amsterdam", "’s-Gravenhage", "Utrecht"],
        dial: "+31 20",
        order: Order::GivenFirst,
        given: "Daniël=daniel, Anne-Fleur=anne-fleur, Joost=joost, Noël=noel, Saskia=saskia, Ruud=ruud, \
                Fenna=fenna, IJsbrand=ijsbrand",
        family: "van den Berg=vandenberg, 't Hooft='thooft, de Vries=devries, van 't Hoff=van'thoff, \
                Dijkstra=dijkstra, ten Brinke=tenbrinke, Jansen=jansen, Coëlho=coelho",
    },
    Place {
        code: "BR",
        country: "Brazil",
        cities: &["São Paulo", "Goiânia", "Belém"],
        dial: "+55 11",
        order: Order::GivenFirst,
        given: "João=joao, Conceição=conceicao, Antônio=antonio, Thaís=thais, Luís Inácio=luis.inacio, \
                Fátima=fatima, Caetano=caetano, Yasmin=yasmin",
        family: "Gonçalves=goncalves, da Conceição e Silva=daconceicaoesilva, Magalhães=magalhaes, \
                dos Santos=dossantos, Araújo=araujo, Simões-Brandão=simoes-brandao, Oliveira=oliveira, \
                Sant'Anna=sant'anna",
    },
    Place {
        code: "TR",
        country: "Türkiye",
        cities: &["İstanbul", "İzmir", "Muğla"],
        dial: "+90 212",
        order: Order::GivenFirst,
        given: "İbrahim=ibrahim, Özgür=ozgur, Şule=sule, Çiğdem=cigdem, Ilgın=ilgin, Gül=gul",
        family: "Işık=isik, Şahin=sahin, Doğan=dogan, Çelik=celik, İnönü=inonu, Ağaoğlu=agaoglu",
    },
    Place {
        code: "JP",
        country: "Japan",
        cities: &["東京", "大阪", "札幌"],
        dial: "+81 3",
        order: Order::FamilyFirst,
        given: "太郎=taro, 花子=hanako, さくら=sakura, 健一=kenichi, ジョン=jon, 美咲=misaki, 翔=sho, 陽菜=hina",
        family: "佐藤=sato, 鈴木=suzuki, 髙橋=takahashi, 渡邊=watanabe, 𠮷田=yoshida, 小野寺=onodera, 林=hayashi, \
                勅使河原=teshigawara",
    },
    Place {
        code: "CN",
        country: "China",
        cities: &["上海", "北京", "深圳"],
        dial: "+86 21",
        order: Order::Joined,
        given: "小龙=xiaolong, 伟=wei, 秀英=xiuying, 静=jing, 建国=jianguo, 婷婷=tingting, 子涵=zihan, 国强=guoqiang",
        family: "李=li, 王=wang, 欧阳=ouyang, 张=zhang, 司马=sima, 陈=chen, 赵=zhao, 诸葛=zhuge",
    },
    Place {
        code: "KR",
        country: "Korea",
        cities: &["서울", "부산", "대전"],
        dial: "+82 2",
        order: Order::Joined,
        given: "민준=minjun, 서연=seoyeon, 지훈=jihoon, 하은=haeun, 도윤=doyun, 은지=eunji",
        family: "김=kim, 이=yi, 박=park, 최=choi, 남궁=namgung, 황보=hwangbo",
    },
    Place {
        code: "VN",
        country: "Viet Nam",
        cities: &["Hà Nội", "Đà Nẵng", "Huế"],
        dial: "+84 24",
        order: Order::FamilyFirst,
        given: "Văn An=van.an, Thị Hồng Nhung=thi.hong.nhung, Đức=duc, Minh Châu=minh.chau, \
                Quốc Bảo=quoc.bao, Thuỳ Linh=thuy.linh",
        family: "Nguyễn=nguyen, Trần=tran, Đặng=dang, Phạm=pham, Vũ=vu, Hoàng=hoang",
    },
    Place {
        code: "RU",
        country: "Russia",
        cities: &["Москва", "Орёл", "Казань"],
        dial: "+7 495",
        order: Order::GivenFirst,
        given: "Иван=ivan, Алёна=alyona, Дмитрий=dmitriy, Екатерина=ekaterina, Фёдор=fyodor, Зульфия=zulfiya",
        family: "Петров=petrov, Римский-Корсаков=rimskiy-korsakov, Щербакова=shcherbakova, Ёлкин=yolkin, \
                Гарипова=garipova, Подъяпольский=podyapolskiy",
    },
    Place {
        code: "IN",
        country: "India",
        cities: &["Mumbai", "Thiruvananthapuram", "Pune"],
        dial: "+91 22",
        order: Order::GivenFirst,
        given: "Priya=priya, आरव=aarav, Venkatanarasimharajuvaripeta=venkatanarasimharajuvaripeta, \
                لیلیٰ=laila, தமிழ்=tamil, Arjun=arjun, নীলা=nila, Γιώργος=giorgos",
        family: "Ramanujan=ramanujan, शर्मा=sharma, Chattopadhyay=chattopadhyay, خان=khan, D'Souza=d'souza, \
                முருகன்=murugan, Παπαδόπουλος=papadopoulos, Srinivasa Iyengar=srinivasaiyengar",
    },
];
