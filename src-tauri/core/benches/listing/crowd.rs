//! Made-up people and groups for both sides: as the server writes them, and as the exports have them, row by row, so that
//! the export itself takes no memory.

use std::{
    fmt::Write as _,
    io::{self, Read},
};

/// Members of a group.
const MEMBERS: u32 = 20;
/// People whose name at the server is another one.
pub(super) const GAPS: u32 = 137;

#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) people: u32,
    pub(super) groups: u32,
}

impl Size {
    pub(super) fn of(people: u32) -> Size {
        Size { people, groups: people / MEMBERS }
    }
}

const GIVEN: [&str; 8] = ["Ada", "Jürgen", "Zoë", "Łukasz", "Siobhán", "太郎", "Иван", "María del Carmen"];
const FAMILY: [&str; 8] =
    ["Lovelace", "Müller-Lüdenscheidt", "O'Connor", "de la Cruz", "Ångström", "佐藤", "Петров", "Smith"];
const TITLES: [&str; 4] = ["Engineer", "Sales Manager", "Head of Logistics", "Data Analyst"];
const DEPARTMENTS: [&str; 4] = ["Finance", "Research", "Sales", "IT Operations"];

fn pick(all: &[&'static str], number: u32, factor: u32) -> &'static str {
    all[(number.wrapping_mul(factor) >> 16) as usize % all.len()]
}

fn given(number: u32) -> &'static str {
    pick(&GIVEN, number, 2_654_435_761)
}

fn family(number: u32) -> &'static str {
    pick(&FAMILY, number, 2_246_822_519)
}

fn title(number: u32) -> &'static str {
    pick(&TITLES, number, 3_266_489_917)
}

fn department(number: u32) -> &'static str {
    pick(&DEPARTMENTS, number, 668_265_263)
}

fn id(kind: u32, number: u32) -> String {
    let mixed = number.wrapping_mul(2_654_435_761);
    format!("{mixed:08x}-7d1e-4{kind:03x}-a572-b13b{number:08x}")
}

/// About 870 bytes, as measured of real ones.
pub(super) fn user(into: &mut String, number: u32, size: Size, base: &str) {
    let (given, family, id) = (given(number), family(number), id(1, number));
    let differs = number.is_multiple_of(size.people / GAPS) && number / (size.people / GAPS) < GAPS;
    let display = if differs { format!("{family}, {given}") } else { format!("{given} {family}") };
    let (title, department) = (title(number), department(number));
    write!(
        into,
        r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"id":"{id}","externalId":"user{number:07}","userName":"user{number:07}@example.com","name":{{"formatted":"{given} {family}","familyName":"{family}","givenName":"{given}"}},"displayName":"{display}","title":"{title}","preferredLanguage":"en-GB","active":true,"emails":[{{"value":"user{number:07}@example.com","type":"work","primary":true}}],"phoneNumbers":[{{"value":"+49 30 {number:07}","type":"work"}}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{{"employeeNumber":"{number:07}","department":"{department}"}},"meta":{{"resourceType":"User","created":"2026-01-02T03:04:05Z","lastModified":"2026-01-02T03:04:05Z","location":"{base}/Users/{id}"}}}}"#
    )
    .expect("a text takes everything");
}

fn members(group: u32, size: Size) -> impl Iterator<Item = u32> {
    (0..MEMBERS).map(move |place| (group * MEMBERS + place).wrapping_mul(7_919) % size.people)
}

pub(super) fn group(into: &mut String, number: u32, size: Size, base: &str) {
    let id = id(2, number);
    let members: Vec<String> = members(number, size)
        .map(|person| {
            let person = self::id(1, person);
            format!(r#"{{"value":"{person}","$ref":"{base}/Users/{person}","type":"User"}}"#)
        })
        .collect();
    write!(
        into,
        r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"{id}","displayName":"Group {number}","members":[{}],"meta":{{"resourceType":"Group","created":"2026-01-02T03:04:05Z","location":"{base}/Groups/{id}"}}}}"#,
        members.join(",")
    )
    .expect("a text takes everything");
}

/// A file that is made while it is read.
pub(super) struct Export<F> {
    heading: Option<&'static str>,
    rows: std::ops::Range<u32>,
    row: F,
    text: String,
    read: usize,
}

impl<F: FnMut(&mut String, u32)> Read for Export<F> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.read == self.text.len() {
            (self.read, self.text) = (0, String::new());
            self.text.push_str(self.heading.take().unwrap_or_default());
            for number in self.rows.by_ref().take(500) {
                (self.row)(&mut self.text, number);
            }
        }
        let length = into.len().min(self.text.len() - self.read);
        into[..length].copy_from_slice(&self.text.as_bytes()[self.read..self.read + length]);
        self.read += length;
        Ok(length)
    }
}

pub(super) fn people_csv(size: Size) -> impl Read {
    let row = |into: &mut String, number: u32| {
        let (given, family) = (given(number), family(number));
        let (title, department) = (title(number), department(number));
        let name = format!("user{number:07}@example.com");
        writeln!(into, "{name},{given} {family},{family},{name},{given},{title},{department},True").expect("a text");
    };
    let heading = "userPrincipalName,displayName,surname,mail,givenName,jobTitle,department,accountEnabled\n";
    Export { heading: Some(heading), rows: 0..size.people, row, text: String::new(), read: 0 }
}

pub(super) fn groups_csv(size: Size) -> impl Read {
    let row = move |into: &mut String, number: u32| {
        for person in members(number, size) {
            writeln!(into, "Group {number},user{person:07}@example.com").expect("a text");
        }
    };
    Export { heading: Some("group,member\n"), rows: 0..size.groups, row, text: String::new(), read: 0 }
}
