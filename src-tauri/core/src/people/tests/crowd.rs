//! A made-up list of people, the same each time for the same seed, with known troubles on known rows.

/// A small generator of numbers; nothing depends on how good they are.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides
    }

    pub(super) fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.roll(all.len())]
    }
}

const GIVEN: [&str; 16] = [
    "Ada",
    "Grace",
    "Alan",
    "Jürgen",
    "Käthe",
    "José",
    "François",
    "Zoë",
    "Søren",
    "Łukasz",
    "Özgür",
    "太郎",
    "小龙",
    "민준",
    "Иван",
    "Mary Ann",
];
const FAMILY: [&str; 16] = [
    "Lovelace",
    "Hopper",
    "Turing",
    "Müller",
    "Groß",
    "García Márquez",
    "O'Connor",
    "de la Cruz",
    "Ångström",
    "Żółć",
    "佐藤",
    "李",
    "김",
    "Петров",
    "Smith-Jones",
    "Null",
];
const DEPARTMENTS: [&str; 5] = ["Finance", "Research, Development", "Sales", "IT Operations", "Legal"];

/// One row as it stands in Entra's export.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) user_name: String,
    pub(super) display_name: String,
    pub(super) surname: String,
    pub(super) mail: String,
    pub(super) given_name: String,
    pub(super) enabled: &'static str,
    pub(super) kind: &'static str,
    pub(super) department: String,
    /// Cells too many.
    pub(super) more: Vec<&'static str>,
}

impl Person {
    fn new(number: usize, dice: &mut Dice) -> Self {
        let (given, family) = (dice.pick(&GIVEN), dice.pick(&FAMILY));
        let user_name = format!("user{number:06}@example.com");
        Self {
            mail: user_name.clone(),
            user_name,
            display_name: format!("{given} {family}"),
            surname: family.to_owned(),
            given_name: given.to_owned(),
            enabled: "True",
            kind: "Member",
            department: dice.pick(&DEPARTMENTS).to_owned(),
            more: Vec::new(),
        }
    }

    fn cells(&self, number: usize) -> Vec<String> {
        let id = format!("{:08x}-7d1e-4cd3-a572-b13b0a7e{:04x}", number * 2_654_435, number % 65_536);
        let mut cells = vec![
            self.user_name.clone(),
            self.display_name.clone(),
            self.surname.clone(),
            self.mail.clone(),
            self.given_name.clone(),
            id,
            self.kind.to_owned(),
            "Engineer".to_owned(),
            self.department.clone(),
            self.enabled.to_owned(),
            "DE".to_owned(),
            String::new(),
            "Berlin".to_owned(),
            "+49 30 1234567".to_owned(),
        ];
        cells.extend(self.more.iter().map(|cell| (*cell).to_owned()));
        cells
    }
}

const HEADER: &str = "userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,accountEnabled,\
                      usageLocation,streetAddress,city,telephoneNumber";

/// A trouble: the kind's id that it has to be found as, and what it does to a person.
pub(super) type Trouble = (&'static str, fn(&mut Person));

/// Every kind of trouble that a row alone can have, in the rules of AWS.
pub(super) const TROUBLES: [Trouble; 37] = [
    ("missing-family-name", |p| p.surname.clear()),
    ("missing-family-name", |p| p.surname = "   ".into()),
    ("missing-given-name", |p| p.given_name.clear()),
    ("missing-display-name", |p| p.display_name.clear()),
    ("missing-user-name", |p| p.user_name.clear()),
    ("forbidden-character", |p| p.surname = "Love<lace".into()),
    ("forbidden-character", |p| p.given_name = "Ada>".into()),
    ("forbidden-character", |p| p.display_name = "Lovelace; Ada".into()),
    ("forbidden-character", |p| p.display_name = "Ada: Countess".into()),
    ("forbidden-character", |p| p.surname = "100%".into()),
    ("forbidden-character", |p| p.surname = "A|B".into()),
    ("invisible-character", |p| p.surname = "Love\u{200b}lace".into()),
    ("invisible-character", |p| p.surname = "\u{feff}Lovelace".into()),
    ("invisible-character", |p| p.given_name = "Ada\u{200d}".into()),
    ("invisible-character", |p| p.display_name = "Ada \u{202e}ecalevoL".into()),
    ("invisible-character", |p| p.display_name = "Ada\u{2066}Lovelace".into()),
    ("invisible-character", |p| p.surname = "Love\u{ad}lace".into()),
    ("invisible-character", |p| p.surname = "Lovelace\t".into()),
    ("invisible-character", |p| p.display_name = "Ada\nLovelace".into()),
    ("invisible-character", |p| p.given_name = "A\u{1b}[31mda".into()),
    ("invisible-character", |p| p.given_name = "A\u{7}da".into()),
    ("invisible-character", |p| p.given_name = "Ada\0".into()),
    ("invisible-character", |p| p.user_name.insert(3, '\u{200c}')),
    ("invisible-character", |p| p.user_name.insert(3, '\u{a0}')),
    ("duplicate-user-name", |p| p.user_name = p.user_name.to_uppercase()),
    ("too-long", |p| p.user_name = format!("{}{}", "x".repeat(128), p.user_name)),
    ("reserved-name", |p| p.user_name = "administrator".into()),
    ("cells-do-not-fit", |p| p.more = vec!["one", "too many"]),
    ("lost-letter", |p| p.surname = "M\u{fffd}ller".into()),
    ("blanks", |p| p.surname = " Lovelace".into()),
    ("blanks", |p| p.given_name = "Mary\u{a0}Ann".into()),
    ("guest", |p| p.user_name = p.user_name.replace('@', "_") + "#EXT#@contoso.onmicrosoft.com"),
    ("email-not-an-address", |p| p.mail = p.mail.replace('@', " at ")),
    ("disabled", |p| p.enabled = "False"),
    ("lookalike", |p| p.user_name = p.user_name.replace("user", "us\u{435}r")),
    ("composed-letter", |p| p.user_name = p.user_name.replace("user", "u\u{308}ser")),
    ("formula", |p| p.display_name = "=HYPERLINK(\"https://example.com\")".replace(':', "")),
];

/// A list, and on which line each trouble was put.
pub(super) struct Crowd {
    pub(super) csv: Vec<u8>,
    pub(super) placed: Vec<(&'static str, u32)>,
    /// People who would fail.
    pub(super) fail: u32,
}

/// `rows` people; every `every`-th has a trouble, one after the other.
#[expect(clippy::expect_used, reason = "a list in memory can be written")]
pub(super) fn crowd(rows: usize, every: usize, seed: u64) -> Crowd {
    let mut dice = Dice::new(seed);
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(format!("{HEADER}\n").into_bytes());
    let (mut placed, mut line, mut fail) = (Vec::new(), 2, 0);
    for number in 0..rows {
        let mut person = Person::new(number, &mut dice);
        let kind = (number % every == every - 1).then(|| {
            let (kind, spoil) = TROUBLES[(number / every) % TROUBLES.len()];
            if kind == "duplicate-user-name" {
                // The person before, in capitals.
                person.user_name = format!("user{:06}@example.com", number - 1);
            }
            spoil(&mut person);
            kind
        });
        if let Some(kind) = kind {
            placed.push((kind, line));
            fail += u32::from(fails(kind));
        }
        writer.write_record(person.cells(number)).expect("BUG: a list in memory can be written");
        line += if person.display_name.contains('\n') { 2 } else { 1 };
    }
    Crowd { csv: writer.into_inner().expect("BUG: a list in memory can be written"), placed, fail }
}

fn fails(kind: &str) -> bool {
    !matches!(
        kind,
        "lost-letter"
            | "blanks"
            | "guest"
            | "email-not-an-address"
            | "disabled"
            | "lookalike"
            | "composed-letter"
            | "formula"
    )
}
